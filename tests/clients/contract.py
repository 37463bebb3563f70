"""A stock Python client against a live server: stubs generated from the protos, unchanged, and Google's own packages.

Usage: python contract.py HOST:PORT PROTO_FOLDER
Prints a line for each thing that held; stops with a traceback at the first that did not.
"""

import importlib
import pathlib
import sys
import tempfile

import grpc
from google.rpc import error_details_pb2
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase
from grpc_status import rpc_status
from grpc_tools import protoc

SERVICES = ["Claims", "Directory", "Eligibility", "Policies", "Pricing", "References", "Remittances", "Sandboxes"]


def generate(protos: pathlib.Path, into: str) -> None:
    """Makes the stubs as any user would, and lets Python find them."""
    files = sorted(str(path) for path in protos.glob("payersim/v1/*.proto"))
    status = protoc.main(["protoc", f"-I{protos}", f"--python_out={into}", f"--grpc_python_out={into}", *files])
    assert status == 0, "the protos do not compile with protoc"
    sys.path.insert(0, into)


def module(name: str):
    return importlib.import_module(f"payersim.v1.{name}")


def visit(number: str, day: int):
    """99213 for low back pain, 150.00, at the green clinic of tests/data/clinic."""
    claim = module("professional_claim_pb2").ProfessionalClaim(
        patient_control_number=number, charge_cents=15000, place_of_service="11", payer_id="CLINIC1"
    )
    claim.subscriber.member_id = "HC0101"
    claim.subscriber.name.last, claim.subscriber.name.first = "Example", "Ada"
    claim.subscriber.birth_date = "1980-06-15"
    claim.subscriber.sex = module("types_pb2").SEX_FEMALE
    claim.billing_provider.npi, claim.billing_provider.tax_id = "2000000010", "690000101"
    claim.billing_provider.name.last = "Green Sample Clinic"
    claim.diagnoses.add(code="M5450")
    claim.lines.add(
        procedure_code="99213",
        charge_cents=15000,
        units="1",
        diagnosis_pointers=[1],
        service_date=f"2026-03-{day:02}",
    )
    return claim


def bill(number: str, day: int):
    """The visit of `visit` as an outpatient department bills it."""
    seen, pb = visit(number, day), module("institutional_claim_pb2")
    claim = pb.InstitutionalClaim(
        patient_control_number=number,
        charge_cents=seen.charge_cents,
        type_of_bill="131",
        payer_id=seen.payer_id,
        subscriber=seen.subscriber,
        billing_provider=seen.billing_provider,
        statement_from=seen.lines[0].service_date,
        statement_through=seen.lines[0].service_date,
        patient_status="01",
        principal_diagnosis=pb.InstitutionalDiagnosis(code="M5450"),
    )
    claim.lines.add(revenue_code="0510", procedure_code="99213", charge_cents=seen.charge_cents, units="1")
    return claim


def refusal(call):
    """The status of a call that must be refused, with its details by type."""
    try:
        call()
    except grpc.RpcError as error:
        status = rpc_status.from_call(error)
        assert status is not None, "no google.rpc.Status in the trailers"
        info, request = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        for detail in status.details:
            detail.Unpack(info) or detail.Unpack(request)
        assert info.domain == "payersim"
        return error.code(), info, [violation.field for violation in request.field_violations]
    raise AssertionError("not refused")


def submits_and_reads(claims, pb) -> None:
    request = pb.SubmitClaimRequest(request_id="py-1", professional=visit("PY-1", 2))
    claim = claims.SubmitClaim(request)
    # 150.00, of which 120.00 are allowed, less a deductible of 100.00 and a fifth of the rest.
    assert claim.state == pb.CLAIM_STATE_ALLOWED and claim.determination.paid_cents == 1600, claim
    assert claims.SubmitClaim(request) == claim, "the same request is answered alike"
    assert claims.GetClaim(pb.GetClaimRequest(name=claim.name)) == claim
    assert list(claims.ListClaims(pb.ListClaimsRequest()).claims) == [claim]
    assert claims.ExplainClaim(pb.ExplainClaimRequest(name=claim.name)).reproduced


def streams(claims, pb) -> None:
    requests = [
        pb.SubmitClaimsRequest(request=pb.SubmitClaimRequest(request_id=f"py-s-{day}", professional=visit(f"PY-{day}", day)))
        for day in range(3, 23)
    ]
    requests[5].request.professional.lines[0].service_date = "2026-02-31"
    answers = list(claims.SubmitClaims(iter(requests)))
    assert [answer.request_id for answer in answers] == [request.request.request_id for request in requests]
    assert [fault.field for fault in answers[5].faults] == ["professional.lines[0].service_date"]
    # The deductible is met: four fifths of 120.00.
    assert {answer.claim.determination.paid_cents for answer in answers if not answer.faults} == {9600}


def reads_error_details(claims, pb) -> None:
    code, info, fields = refusal(lambda: claims.SubmitClaim(pb.SubmitClaimRequest(professional=visit("", 2))))
    assert (code, info.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_VIOLATION")
    assert fields == ["professional.patient_control_number"]
    # More faults than fit into the headers that gRPC takes: the first are named, and the last entry counts the rest.
    broken = visit("PY-1", 2)
    for _ in range(49):
        broken.lines.add(units="many", place_of_service="??")
    _, info, fields = refusal(lambda: claims.SubmitClaim(pb.SubmitClaimRequest(professional=broken)))
    assert info.reason == "FIELD_VIOLATION" and fields[0].startswith("professional.lines[1].") and fields[-1] == ""
    code, info, _ = refusal(lambda: claims.GetClaim(pb.GetClaimRequest(name="sandboxes/nowhere/claims/1")))
    assert (code, info.reason, info.metadata["sandbox"]) == (grpc.StatusCode.NOT_FOUND, "UNKNOWN_SANDBOX", "nowhere")
    other = pb.SubmitClaimRequest(request_id="py-1", professional=visit("PY-9", 9))
    code, info, _ = refusal(lambda: claims.SubmitClaim(other))
    assert (code, info.reason) == (grpc.StatusCode.ALREADY_EXISTS, "REQUEST_ID_REUSED")
    assert claims.GetClaim(pb.GetClaimRequest(name=info.metadata["claim"])).request_id == "py-1"


def pays(channel) -> None:
    pb, rpc = module("remittances_pb2"), module("remittances_pb2_grpc")
    remittances = rpc.RemittancesStub(channel)
    issued = remittances.RunPayments(pb.RunPaymentsRequest(include_not_due=True)).remittances
    # One visit at 16.00 and nineteen at 96.00; one of the twenty was refused.
    assert [remittance.paid_cents for remittance in issued] == [1600 + 19 * 9600]
    streamed = list(remittances.StreamRemittances(pb.StreamRemittancesRequest(view=pb.REMITTANCE_VIEW_X12)))
    assert len(streamed) == 1 and streamed[0].x12.startswith("ISA*")


def estimates_bills_and_reverses(channel) -> None:
    pb, rpc = module("claims_pb2"), module("claims_pb2_grpc")
    claims = rpc.ClaimsStub(channel)
    request = pb.SubmitClaimRequest(request_id="py-bill", institutional=bill("PY-B", 23))
    estimate = claims.EstimateClaim(pb.EstimateClaimRequest(request=request))
    # The deductible is met: four fifths of 120.00, of 150.00 charged.
    assert estimate.claim.estimate and estimate.claim.determination.paid_cents == 9600, estimate
    claim = claims.SubmitClaim(request)
    assert claim.institutional == request.institutional and not claim.estimate
    assert claim.determination.lines == estimate.claim.determination.lines
    payments = module("remittances_pb2_grpc").RemittancesStub(channel)
    run = module("remittances_pb2").RunPaymentsRequest(include_not_due=True)
    assert [paid.paid_cents for paid in payments.RunPayments(run).remittances] == [9600]
    reversed_claim = claims.ReverseClaim(pb.ReverseClaimRequest(name=claim.name, reason="billed twice"))
    assert reversed_claim.state == pb.CLAIM_STATE_REVERSED
    taken_back = reversed_claim.reversals[0].reversal
    assert (taken_back.claim_status_code, taken_back.paid_cents) == ("22", -9600)


def prices(channel) -> None:
    pb, rpc = module("pricing_pb2"), module("pricing_pb2_grpc")
    request = pb.PriceServicesRequest(locality="01112-05", service_date="2026-07-15")
    request.services.add(procedure_code="99213")
    # CMS's payment amount file of 2026 for San Francisco.
    assert rpc.PricingStub(channel).PriceServices(request).allowed_cents == 11758


def lists_kinds_of_tables(channel) -> None:
    pb, rpc = module("references_pb2"), module("references_pb2_grpc")
    listed = rpc.ReferencesStub(channel).ListReleaseKinds(pb.ListReleaseKindsRequest()).kinds
    kinds = [kind.kind for kind in listed]
    assert kinds == sorted(kinds) and {"pprrvu", "gpci", "ncci-ptp"} <= set(kinds), kinds
    assert all(kind.title and kind.publisher for kind in listed)


def is_healthy(channel) -> None:
    health = health_pb2_grpc.HealthStub(channel)
    for service in ["", *(f"payersim.v1.{name}" for name in SERVICES)]:
        answer = health.Check(health_pb2.HealthCheckRequest(service=service))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING, service


def reflects(channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    listed = set(database.get_services())
    assert listed.issuperset(f"payersim.v1.{name}" for name in SERVICES), listed
    file = database.FindFileContainingSymbol("payersim.v1.Claims")
    assert file.package == "payersim.v1" and "SubmitClaim" in [method.name for method in file.service[0].method]


def main(address: str, protos: str) -> None:
    with tempfile.TemporaryDirectory() as stubs, grpc.insecure_channel(address) as channel:
        generate(pathlib.Path(protos), stubs)
        pb, rpc = module("claims_pb2"), module("claims_pb2_grpc")
        claims = rpc.ClaimsStub(channel)
        for check in [submits_and_reads, streams, reads_error_details]:
            check(claims, pb)
            print(f"OK {check.__name__}")
        for check in [pays, estimates_bills_and_reverses, prices, lists_kinds_of_tables, is_healthy, reflects]:
            check(channel)
            print(f"OK {check.__name__}")


if __name__ == "__main__":
    main(*sys.argv[1:])
