//! Each story told on both clocks, a frozen one that is turned and one that follows a wall clock of ours: the same requests leave the same
//! histories and the same records, to the byte, and the histories hold.

use std::path::Path;
use std::sync::{Arc, Mutex};

use jiff::civil::{Date, DateTime};
use payersim::api;
use payersim::client::Client;
use payersim::payer::events::causes;
use payersim::payer::{Opening, Payer, WallClock, folder};
use payersim::proto::v1 as pb;
use payersim::store::SledStore;
use payersim::stories::{self, Story, StoryOutcome};
use pb::advance_clock_request::Target;
use tokio::net::TcpListener;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

/// A wall clock that the test turns.
struct Wall(Mutex<DateTime>);

impl WallClock for Wall {
    fn now(&self) -> DateTime {
        *self.0.lock().unwrap()
    }
}

impl Wall {
    fn stand_at(&self, day: &str) {
        *self.0.lock().unwrap() = day.parse::<Date>().unwrap().at(0, 0, 0, 0);
    }

    /// As the clock of a sandbox would be; what makes no sense leaves it where it is.
    fn turn(&self, target: Option<Target>) {
        let mut now = self.0.lock().unwrap();
        let goal = match target {
            Some(Target::ToDate(day)) => day.parse().ok(),
            Some(Target::Days(days)) => Some(now.date().saturating_add(jiff::Span::new().days(days))),
            None => None,
        };
        *now = goal.map_or(*now, |day: Date| day.at(0, 0, 0, 0)).max(*now);
    }
}

/// A payer behind a socket.
struct House {
    payer: Arc<Payer>,
    client: Client,
}

impl House {
    async fn open(wall: Arc<Wall>) -> House {
        let opening = Opening {
            store: Arc::new(SledStore::ephemeral().unwrap()),
            folder: folder::demo(),
            follow_wall_clock: false,
            wall,
            max_interchange_bytes: 1 << 30,
        };
        let payer = Payer::open(opening).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let routes = api::routes(Arc::clone(&payer)).await.unwrap();
        tokio::spawn(Server::builder().add_routes(routes).serve_with_incoming(TcpIncoming::from(listener)));
        House { payer, client: Client::connect(&address, "default").await.unwrap() }
    }

    /// Every event of a sandbox, history by history, and every claim.
    async fn left(&self, sandbox: &str) -> (Vec<pb::Event>, Vec<pb::Claim>) {
        let (parent, page_size) = (sandbox.to_owned(), 1_000);
        let request = pb::ListEventsRequest { parent: parent.clone(), page_size, ..Default::default() };
        let page = self.client.events().list_events(request).await.unwrap().into_inner();
        assert!(page.next_page_token.is_empty(), "a story of more than a thousand events");
        let mut events = page.events;
        events.sort_by(|a, b| a.name.cmp(&b.name));
        let request = pb::ListClaimsRequest { parent, page_size, ..Default::default() };
        (events, self.client.claims().list_claims(request).await.unwrap().into_inner().claims)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_story_leaves_the_same_bytes_when_told_again_on_the_other_clock() {
    let wall = Arc::new(Wall(Mutex::default()));
    let houses = [House::open(wall.clone()).await, House::open(wall.clone()).await];
    let [frozen, following] = &houses;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("stories");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let payer_start = folder::demo().payer.unwrap().clock_start;
    let mut faults = Vec::new();
    for file in files {
        let story = Story::read(&file).unwrap_or_else(|faults| panic!("{faults:#?}"));
        let (_, sandbox) = stories::run_and_keep(&story, &frozen.client, None).await.unwrap();
        wall.stand_at(if story.clock_start.is_empty() { &payer_start } else { &story.clock_start });
        let turn = |target| {
            wall.turn(target);
            tokio::task::block_in_place(|| following.payer.catch_up().unwrap());
        };
        let told = stories::run_following(&story, &following.client, None, &turn).await.unwrap();
        faults.extend(compare(frozen, following, &sandbox, &told).await);
        // The others have the same.
        faults.extend(verify(frozen, &sandbox).await);
        for house in &houses {
            let request = pb::DeleteSandboxRequest { name: sandbox.clone() };
            house.client.sandboxes().delete_sandbox(request).await.unwrap();
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What is not the same, or does not hold.
async fn compare(
    frozen: &House,
    other: &House,
    sandbox: &str,
    (outcome, same): &(StoryOutcome, String),
) -> Vec<String> {
    assert_eq!(sandbox, same, "both make their sandboxes in the same order");
    let mut faults = Vec::new();
    if !outcome.holds() {
        faults.push(outcome.to_string());
    }
    let (turned, followed) = (frozen.left(sandbox).await, other.left(sandbox).await);
    let first = turned.0.iter().zip(&followed.0).find(|(a, b)| a != b);
    if turned.0 != followed.0 {
        let file = outcome.file.display();
        let (events, others) = (turned.0.len(), followed.0.len());
        faults.push(format!("{file}: {events} and {others} events; the first that differs: {first:#?}"));
    }
    let unknown = turned.0.iter().find(|event| !causes::known(&event.cause));
    faults.extend(unknown.map(|event| format!("{}: put it into CAUSES in src/payer/events/causes.rs", event.cause)));
    if turned.1 != followed.1 {
        faults.push(format!("{}: the claims differ", outcome.file.display()));
    }
    faults
}

/// Says where a history does not hold.
async fn verify(house: &House, sandbox: &str) -> Option<String> {
    let request = pb::VerifyHistoryRequest { parent: sandbox.to_owned(), ..Default::default() };
    let found = house.client.events().verify_history(request).await.unwrap().into_inner();
    (!found.holds || found.events < 2).then(|| format!("{sandbox}: {found:#?}"))
}
