//! Machine-made JSON: telemetry by the line, customers' orders as one document.

use serde_json::json;

use super::{Chance, Growth, PlantFile, identifiers, people, stamp};

pub(super) fn files(growth: Growth) -> anyhow::Result<Vec<PlantFile>> {
    Ok(vec![
        PlantFile::new("生产/设备遥测_2026-10.jsonl", device_telemetry(growth)),
        PlantFile::new("管理/客户订单.json", customer_orders(growth)?),
    ])
}

fn device_telemetry(growth: Growth) -> String {
    let mut chance = Chance::seeded(21);
    let mut text = String::new();
    for row in 0..growth.rows(900) {
        let device = row % 30;
        let line = json!({
            "device_id": format!("GW-{device:03}"),
            "imei": identifiers::imei(device),
            "ts": stamp(row * 5),
            "topic": "plant/extraction/telemetry",
            "metrics": {
                "temperature": f64::from(chance.between(200, 900)) / 10.0,
                "vibration": f64::from(chance.between(5, 80)) / 10.0,
                "motor_current": f64::from(chance.between(100, 600)) / 10.0,
            },
            "ip": format!("10.20.{}.{}", 1 + device / 20, 10 + device),
            "firmware": "2.4.1",
            "online": chance.between(0, 20) > 0,
        });
        text.push_str(&line.to_string());
        text.push('\n');
    }
    text
}

fn customer_orders(growth: Growth) -> anyhow::Result<String> {
    let mut chance = Chance::seeded(22);
    let orders: Vec<_> = (0..growth.rows(180))
        .map(|row| {
            json!({
                "order_no": format!("SO26{row:05}"),
                "order_date": stamp(row * 300),
                "customer": {
                    "customer_name": people::company(row % 24, &mut Chance::seeded(u64::from(row % 24))),
                    "credit_code": identifiers::credit_code(2_000 + row % 24),
                    "contact": people::name(&mut chance),
                    "mobile": identifiers::mobile(900 + row % 24),
                    "email": format!("buyer{:02}@example.com", row % 24),
                },
                "items": [{
                    "product": chance.pick(&["氧化镨钕", "氧化镝", "氧化铽"]),
                    "quantity_kg": chance.between(50, 4_000),
                    "unit_price": f64::from(chance.between(4_000, 90_000)) / 100.0,
                }],
                "contract_no": format!("HT-2026-{:04}", chance.between(1, 400)),
                "payment_status": chance.pick(&["已付款", "部分付款", "未付款"]),
            })
        })
        .collect();
    Ok(serde_json::to_string_pretty(&json!(orders))? + "\n")
}
