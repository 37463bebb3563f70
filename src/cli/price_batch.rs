//! `price --batch`: a CSV file of services, priced as it is read, each row written back with its price.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use csv::StringRecord;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::output::{count, dollars};
use super::price::{Terms, fault, reductions};
use crate::client::{Client, Failure};
use crate::proto::v1::{PriceBatchRequest, PriceBatchResponse, PriceServicesRequest, ServicePrice};

/// Columns that are read.
const COLUMNS: [&str; 16] = [
    "code",
    "modifiers",
    "units",
    "minutes",
    "charge",
    "place",
    "date",
    "locality",
    "schedule",
    "plan",
    "network",
    "provider",
    "group",
    "participating",
    "taxonomy",
    "zip",
];
/// Columns that are written behind a row's own.
const ADDED: [&str; 5] = ["fee", "allowed", "reductions", "words", "error"];
/// Groups that are on their way at a time.
const IN_FLIGHT: usize = 256;

/// Rows that are priced together, and why they cannot be, where nothing was asked: the fault of each row.
struct Group {
    rows: Vec<StringRecord>,
    faults: Option<Vec<String>>,
}

/// Prices the rows of a file in their order.
pub(super) async fn run(client: &Client, batch: &Path, out: Option<&Path>, terms: Terms) -> Result<(), Failure> {
    let input: Box<dyn Read + Send> = match batch.to_str() {
        Some("-") => Box::new(io::stdin()),
        _ => Box::new(File::open(batch).map_err(|error| Failure::file(batch, &error))?),
    };
    let output: Box<dyn Write + Send> = match out {
        Some(path) => Box::new(File::create(path).map_err(|error| Failure::file(path, &error))?),
        None => Box::new(io::stdout()),
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(input);
    let of_file = |error: &dyn std::fmt::Display| Failure::Usage(format!("{}: {error}", batch.display()));
    let heading = reader.headers().map_err(|error| of_file(&error))?.clone();
    let (columns, unused) = columns(&heading).map_err(|words| of_file(&words))?;
    if !unused.is_empty() {
        eprintln!("payersim: carried along, not read: {}", unused.join(", "));
    }
    let mut writer = csv::Writer::from_writer(output);
    writer.write_record(heading.iter().chain(ADDED)).map_err(broken)?;
    let (requests, to_send) = mpsc::channel(IN_FLIGHT);
    let (groups, mut waiting) = mpsc::channel(IN_FLIGHT);
    let grouping = Grouping { columns, terms, sandbox: client.sandbox().to_owned(), closed: BTreeSet::new() };
    let reading = tokio::task::spawn_blocking(move || grouping.send(reader, &groups, &requests));
    let mut answers = client.pricing().price_batch(ReceiverStream::new(to_send)).await?.into_inner();
    let (mut rows, mut unpriced) = (0, 0);
    while let Some(Group { rows: group, faults }) = waiting.recv().await {
        let prices = match faults {
            Some(faults) => faults.into_iter().map(Err).collect(),
            None => prices(answers.message().await?.unwrap_or_default(), group.len()),
        };
        for (row, price) in group.iter().zip(prices) {
            rows += 1;
            let cells = cells(price);
            unpriced += i64::from(cells.last().is_some_and(|error| !error.is_empty()));
            let own = (0..heading.len()).map(|at| row.get(at).unwrap_or_default());
            writer.write_record(own.chain(cells.iter().map(String::as_str))).map_err(broken)?;
        }
    }
    writer.flush()?;
    let read = reading.await.map_err(|error| Failure::Broken(error.to_string()))?;
    eprintln!("payersim: {}, {unpriced} without a price", count(rows, "row"));
    read.map_err(|error| of_file(&error))
}

/// Where the columns stand, and those that are not read.
fn columns(heading: &StringRecord) -> Result<([Option<usize>; 16], Vec<&str>), String> {
    let find = |name: &str| heading.iter().position(|cell| cell.trim_start_matches('\u{feff}') == name);
    let columns = COLUMNS.map(find);
    if columns.first().copied().flatten().is_none() {
        return Err(format!("the first line has no column code; it may have {}", COLUMNS.join(", ")));
    }
    let read: Vec<usize> = columns.iter().flatten().copied().collect();
    let unused = heading.iter().enumerate().filter(|(at, _)| !read.contains(at)).map(|(_, cell)| cell);
    Ok((columns, unused.collect()))
}

/// What the file's rows say, and what the flags say for them.
struct Grouping {
    columns: [Option<usize>; 16],
    terms: Terms,
    sandbox: String,
    /// Groups that have ended.
    closed: BTreeSet<String>,
}

impl Grouping {
    /// Reads the file and sends group by group, until the other side has gone.
    fn send(
        mut self,
        reader: csv::Reader<Box<dyn Read + Send>>,
        groups: &mpsc::Sender<Group>,
        requests: &mpsc::Sender<PriceBatchRequest>,
    ) -> Result<(), csv::Error> {
        let mut open: Vec<StringRecord> = Vec::new();
        for row in reader.into_records() {
            let row = row?;
            let group = self.cell(&row, "group");
            let joins = !group.is_empty() && open.first().is_some_and(|first| self.cell(first, "group") == group);
            if !joins && !open.is_empty() && !self.pass(std::mem::take(&mut open), groups, requests) {
                return Ok(());
            }
            open.push(row);
        }
        if !open.is_empty() {
            self.pass(open, groups, requests);
        }
        Ok(())
    }

    /// Sends one group; false where nobody listens any more.
    fn pass(
        &mut self,
        rows: Vec<StringRecord>,
        groups: &mpsc::Sender<Group>,
        requests: &mpsc::Sender<PriceBatchRequest>,
    ) -> bool {
        let asked = self.request(&rows);
        if let Some(group) = rows.first().map(|row| self.cell(row, "group")).filter(|group| !group.is_empty()) {
            let group = group.to_owned();
            self.closed.insert(group);
        }
        let (faults, request) = match asked {
            Ok(request) => (None, Some(PriceBatchRequest { request_id: String::new(), request: Some(request) })),
            Err(faults) => (Some(faults), None),
        };
        // The rows go first: whoever waits for them must not wait for a request that has no room.
        groups.blocking_send(Group { rows, faults }).is_ok()
            && request.is_none_or(|request| requests.blocking_send(request).is_ok())
    }

    /// The request for a group, or the fault of each row.
    fn request(&self, rows: &[StringRecord]) -> Result<PriceServicesRequest, Vec<String>> {
        let mut whole = self.terms.request(&self.sandbox);
        let mut faults = Vec::with_capacity(rows.len());
        for (at, row) in rows.iter().enumerate() {
            let terms = self.of_row(row);
            let request = terms.request(&self.sandbox);
            if at == 0 {
                whole = request.clone();
            } else if !same_terms(&whole, &request) {
                faults
                    .push("schedule, plan, network, provider, participating, taxonomy or locality differ from the group's first row".to_owned());
                continue;
            }
            if self.closed.contains(self.cell(row, "group")) {
                faults.push("its group has ended before: rows of one group stand together".to_owned());
                continue;
            }
            match terms.service(self.cell(row, "code")) {
                Ok(mut line) => {
                    (line.place_of_service, line.service_date) = (request.place_of_service, request.service_date);
                    whole.services.push(line);
                    faults.push(String::new());
                }
                Err(words) => faults.push(words),
            }
        }
        if faults.iter().all(String::is_empty) { Ok(whole) } else { Err(with_others(faults)) }
    }

    /// The flags, and what the row says instead.
    fn of_row(&self, row: &StringRecord) -> Terms {
        let mut terms = self.terms.clone();
        let own = |name: &str| Some(self.cell(row, name)).filter(|text| !text.is_empty()).map(str::to_owned);
        if let Some(modifiers) = own("modifiers") {
            terms.modifiers = modifiers.split([' ', ',', ';']).filter(|m| !m.is_empty()).map(str::to_owned).collect();
        }
        // A plan of the row's own goes before a fee schedule of the flags, and the other way round.
        match (own("schedule"), own("plan")) {
            (None, None) => {}
            (schedule, plan) => (terms.schedule, terms.plan) = (schedule, plan),
        }
        match (own("units"), own("minutes")) {
            (None, None) => {}
            (units, minutes) => (terms.units, terms.minutes) = (units, minutes),
        }
        for (name, field) in [
            ("charge", &mut terms.charge),
            ("place", &mut terms.place),
            ("date", &mut terms.date),
            ("locality", &mut terms.locality),
            ("network", &mut terms.network),
            ("provider", &mut terms.provider),
            ("participating", &mut terms.participating),
            ("taxonomy", &mut terms.taxonomy),
            ("zip", &mut terms.zip),
        ] {
            *field = own(name).or_else(|| field.take());
        }
        terms
    }

    fn cell<'r>(&self, row: &'r StringRecord, name: &str) -> &'r str {
        let at =
            COLUMNS.iter().position(|column| *column == name).and_then(|at| self.columns.get(at).copied().flatten());
        at.and_then(|at| row.get(at)).unwrap_or_default()
    }
}

fn same_terms(one: &PriceServicesRequest, other: &PriceServicesRequest) -> bool {
    let terms = |request: &PriceServicesRequest| PriceServicesRequest {
        service_date: String::new(),
        place_of_service: String::new(),
        services: Vec::new(),
        ..request.clone()
    };
    terms(one) == terms(other)
}

/// A row without a fault of its own is not priced where another of its group has one.
fn with_others(faults: Vec<String>) -> Vec<String> {
    let or_others =
        |fault: String| if fault.is_empty() { "another row of its group has a fault".to_owned() } else { fault };
    faults.into_iter().map(or_others).collect()
}

/// The prices of a group's rows, or the fault of each.
fn prices(answer: PriceBatchResponse, rows: usize) -> Vec<Result<ServicePrice, String>> {
    if let Some(response) = answer.response {
        return response.prices.into_iter().map(Ok).collect();
    }
    let mut faults = vec![String::new(); rows];
    for fault in answer.faults {
        let at = fault.field.strip_prefix("services[").and_then(|rest| rest.split_once(']'));
        let at = at.and_then(|(at, field)| Some((at.parse::<usize>().ok()?, field.trim_start_matches('.'))));
        match at.and_then(|(at, field)| Some((faults.get_mut(at)?, field))) {
            Some((of_row, field)) => add(of_row, field, &fault.description),
            None => faults.iter_mut().for_each(|of_row| add(of_row, &fault.field, &fault.description)),
        }
    }
    with_others(faults).into_iter().map(Err).collect()
}

fn add(fault: &mut String, field: &str, description: &str) {
    let separator = if fault.is_empty() { "" } else { "; " };
    *fault = format!("{fault}{separator}{field}: {description}");
}

/// What is written behind a row.
fn cells(price: Result<ServicePrice, String>) -> [String; 5] {
    match price {
        Err(fault) => [String::new(), String::new(), String::new(), String::new(), fault],
        Ok(price) if price.denial.is_some() => cells(Err(fault(&price))),
        Ok(price) => {
            let error = fault(&price);
            [dollars(price.fee_cents), dollars(price.allowed_cents), reductions(&price), price.words, error]
        }
    }
}

fn broken(error: csv::Error) -> Failure {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => Failure::from(error),
        _ => Failure::Broken("the rows cannot be written".to_owned()),
    }
}
