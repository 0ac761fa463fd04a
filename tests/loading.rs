//! smoke
#![cfg(not(target_arch = "wasm32"))]
use rolecall::*;
#[test] fn smoke() {
    let s = Service::new(Dialect::Chat, 7);
    println!("{}", s.to_json());
    let mut s = s;
    s.set_user("alice", None).unwrap();
    s.create_channel("CH1", Some("public"), Some("alice")).unwrap();
    s.set_user("bob", None).unwrap();
    s.set_member("CH1", "bob", None).unwrap();
    for who in ["alice","bob","eve"] { for (a,o) in [("deleteMessage",Some("alice")),("sendMessage",None),("joinChannel",None),("viewChannel",None),("editUserInfo",None),("removeMember",None)] {
        println!("{:?}", s.ability(who, Some("CH1")).explain(a,o).unwrap().message); } }
    let (t, r) = Service::from_json(&s.to_json(), None, 0).unwrap();
    println!("{r:?}");
    assert_eq!(t.to_json(), s.to_json());
    println!("{}", Service::from_json(r#"{"roles":[{"sid":"a","type":"channel","permissions":["x",5]}]}"#, None, 0).err().unwrap());
    println!("{}", Service::from_json(r#"{"members":{"participants":[{"conversationSid":"a","identity":"channel","roleSid":["x",5]}]}}"#, None, 0).err().unwrap());
}
