use caodiem_tests::{stage::Stage, database::Backend};
use caodiem_domain::{access::*, id::UnitId, text::Subject, usecase::import_units::*};
use caodiem_schema::*;
fn caller(role: Role, scope: Scope, n: u32) -> Caller {
    Caller { actor: Actor { subject: Subject::new("t").unwrap(), role, unit: UnitId::new(1), team: None, scope }, now: "2023-07-05T03:00:00Z".parse().unwrap(), request: format!("r{n}") }
}
#[test]
fn scratch() {
    let stage = Stage::empty(Backend::Sqlite).unwrap();
    let schema = build(Deps { store: stage.store.clone(), readers_max: 4, writers_max: 4 });
    let rt = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let run = |role: Role, q: &str| {
        let q = q.to_owned();
        let schema = schema.clone();
        let r = rt.block_on(async move { schema.execute(prepare(&schema, async_graphql::Request::new(q), caller(role, Scope::Country, 1))).await });
        serde_json::to_value(&r).unwrap()
    };
    let show = |role, q: &str| { let v = run(role, q); println!("{q}\n=> {}\n", serde_json::to_string_pretty(&v).unwrap()); v };
    let found = |id: &str, parent: &str, code: &str, name: &str, kind: &str| {
        let p = if parent.is_empty() { String::new() } else { format!("parent: \"{parent}\",") };
        let v = run(Role::SystemAdmin, &format!("mutation {{ foundUnit(input: {{requestId: \"{id}\", {p} code: \"{code}\", name: \"{name}\", kind: {kind}, validFrom: \"2020-01-01\"}}) {{ unit {{ id version code fullName parent {{ name }} }} errors {{ field code message messageEn }} }} }}"));
        println!("{v}");
        v["data"]["foundUnit"]["unit"]["id"].as_str().unwrap_or_default().to_owned()
    };
    let vn = found("request-1", "", "VN", "Việt Nam", "COUNTRY");
    let ls = found("request-2", &vn, "20", "Lạng Sơn", "PROVINCE");
    let bg = found("request-3", &ls, "183", "Bình Gia", "RURAL_DISTRICT");
    let again = found("request-3", &ls, "183", "Bình Gia", "RURAL_DISTRICT");
    assert_eq!(bg, again);
    found("request-3", &ls, "184", "Bình Gia", "RURAL_DISTRICT");
    let a = found("request-4", &bg, "06001", "Tân Văn", "RURAL_COMMUNE");
    let b = found("request-5", &bg, "06002", "Hoa Thám", "RURAL_COMMUNE");
    found("x", "zzz", "", " ", "RURAL_COMMUNE");
    show(Role::Planner, "{ viewer { role permissions scope { wholeCountry units { name } } today now } }");
    show(Role::Planner, "{ units(first: 2, where: {or: [{level: [COMMUNE]}, {code: [\"20\"]}]}) { totalCount pageInfo { hasNextPage endCursor } edges { cursor node { id code name level parent { name parent { name } } children { name } ancestors { name } versions { number validFrom parent { name } } lineage { successors { mode } } } } } }");
    show(Role::Planner, "{ unit(by: {path: {names: [\"Lang Son\", \"Tan Van\"]}}) { fullName } c: unitByCode(code: \"183\") { fullName asOf(day: \"2019-01-01\") { name } } n: unit(by: {id: \"zz\"}) { name } unitSearch(name: \"tan vân\") { matches { name } near { name } } }");
    show(Role::Planner, "{ units(first: 2, last: 3) { totalCount } }");
    show(Role::Planner, "{ units(first: 200) { totalCount } }");
    show(Role::Planner, "{ units(after: \"zz\") { totalCount } }");
    show(Role::Auditor, "{ drives { totalCount } }");
    show(Role::Auditor, "{ __type(name: \"Query\") { fields { name } } __schema { mutationType { name } } }");
    let v = show(Role::SystemAdmin, &format!("mutation {{ reviseUnit(input: {{requestId: \"request-9\", unit: \"{a}\", expectedVersion: 1, on: \"2023-01-01\", name: \"Tân Văn Mới\"}}) {{ unit {{ version name versions {{ number name validTo }} }} errors {{ field code message }} }} }}"));
    let v = show(Role::SystemAdmin, &format!("mutation {{ mergeUnits(input: {{requestId: \"request-10\", from: [\"{a}\"], into: {{existing: \"{b}\"}}, on: \"2025-07-01\"}}) {{ unit {{ name lineage {{ predecessors {{ mode on share {{ decimal exact }} unit {{ name closedOn }} }} }} }} errors {{ field code message }} }} }}"));
    let g = show(Role::SystemAdmin, "mutation { defineGroup(input: {requestId: \"request-11\", code: \"G1\", name: \"Dân\", nameEn: \"People\"}) { group { id } errors { message } } a: defineIndicator(input: {requestId: \"request-12\", code: \"A1\", name: \"x\", nameEn: \"x\", stage: ACTIVATE, level: ONE, attribution: RESIDENCE, timeRule: SUM}) { indicator { id code } errors { message } } b: defineIndicator(input: {requestId: \"request-13\", code: \"A2\", name: \"x\", nameEn: \"x\", stage: ACTIVATE, level: TWO, attribution: RECEIVING, timeRule: SUM}) { indicator { id } errors { message } } }");
    let (a1, a2, g1) = (g["data"]["a"]["indicator"]["id"].as_str().unwrap(), g["data"]["b"]["indicator"]["id"].as_str().unwrap(), g["data"]["defineGroup"]["group"]["id"].as_str().unwrap());
    show(Role::SystemAdmin, &format!("mutation {{ defineIndicator(input: {{requestId: \"request-14\", code: \"A1\", name: \"x\", nameEn: \"x\", stage: ACTIVATE, attribution: RESIDENCE, timeRule: SUM, parts: [\"{a1}\"]}}) {{ indicator {{ id code parts {{ code }} }} errors {{ code field message }} }} }}"));
    let d = show(Role::Planner, &format!("mutation {{ createDrive(input: {{requestId: \"request-15\", planNumber: \"125/KH-UBND\", title: \"T\", issuer: \"UBND\", unit: \"{bg}\", issuedOn: \"2023-05-01\", days: {{from: \"2023-05-15\", to: \"2023-07-24\"}}, declaredDays: 70, indicators: [\"{a1}\", \"{a2}\"], phases: [{{name: \"P1\", days: {{from: \"2023-05-15\", to: \"2023-06-24\"}}}}], cutoffs: [{{level: COMMUNE, before: \"15:30\"}}], teamRules: [{{kind: PROJECT06, sizeMin: 3, sizeMax: 5, itMembersMin: 1, itOrganisations: [YOUTH_UNION]}}]}}) {{ drive {{ id version state phases {{ id planDays calendarDays }} findings {{ code message figures {{ name value }} }} }} errors {{ field code message }} }} }}"));
    let dr = &d["data"]["createDrive"]["drive"]; let (id, ph) = (dr["id"].as_str().unwrap(), dr["phases"][0]["id"].as_str().unwrap());
    show(Role::Planner, &format!("mutation {{ reviseDrive(input: {{requestId: \"request-16\", drive: \"{id}\", expectedVersion: 1, declaredDays: null, columns: [{{key: \"Q\", heading: \"Q\", headingEn: \"Q\", shows: {{quota: {{phase: \"{ph}\", indicator: \"{a1}\", group: \"{g1}\"}}}}}}, {{key: \"D\", heading: \"Q\", headingEn: \"Q\", shows: {{perDay: {{of: \"Q\"}}}}}}]}}) {{ drive {{ id version declaredDays planDays calendar {{ weekdays holidays }} cutoffs {{ level before }} teamRules {{ kind sizeMin itOrganisations }} columns {{ key kind indicator {{ code }} phase {{ name }} of }} unit {{ name }} parent {{ id }} book {{ id }} indicators {{ code }} }} errors {{ field code message }} }} }}"));
    show(Role::Planner, &format!("mutation {{ openDrive(input: {{requestId: \"request-17\", drive: \"{id}\", expectedVersion: 1}}) {{ drive {{ state }} errors {{ field code message }} }} b: openDrive(input: {{requestId: \"request-18\", drive: \"{id}\", expectedVersion: 2}}) {{ drive {{ state version }} errors {{ field code message }} }} }}"));
    show(Role::Planner, &format!("{{ drives(where: {{state: [OPEN], runsOn: \"2023-06-01\"}}) {{ totalCount nodes {{ planNumber }} }} nodes(ids: [\"{id}\", \"zz\", \"{a}\", \"{g1}\", \"{a1}\"]) {{ id __typename ... on Drive {{ title }} ... on Unit {{ name }} }} indicators {{ code parts {{ code }} }} groups {{ code }} }}"));
    show(Role::Analyst, &format!("mutation {{ openDrive(input: {{requestId: \"request-17\", drive: \"{id}\", expectedVersion: 1}}) {{ drive {{ state }} errors {{ field code message }} }} }}"));
    let r = rt.block_on(schema.execute("{ viewer { role } indicators { code } __typename }"));
    println!("{}", serde_json::to_string(&r).unwrap());
    let intro = include_str!("/tmp/intro.graphql");
    let r = run(Role::Planner, intro);
    println!("introspection: errors {:?} len {}", r["errors"], r.to_string().len());
}
