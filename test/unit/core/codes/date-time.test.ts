import { expect } from "chai";
import { isDate, isDateTime } from "../../../../src/core/codes/date-time.ts";

describe("isDate", () => {
  it("takes days of the calendar", () => {
    for (const day of ["2026-11-22", "2024-02-29", "2000-02-29", "0001-01-01"]) expect(isDate(day), day).to.equal(true);
  });

  it("refuses days that the calendar does not have, and other ways to write one", () => {
    for (const day of [
      "2026-02-29",
      "1900-02-29",
      "2026-13-01",
      "2026-00-10",
      "2026-04-31",
      "2026-11-00",
      "22.11.2026",
      "2026-11-22T00:00:00Z",
      "2026-1-2",
      "",
    ])
      expect(isDate(day), day).to.equal(false);
  });
});

describe("isDateTime", () => {
  it("takes instants with a zone", () => {
    for (const time of [
      "2026-11-22T09:30:00+08:00",
      "2026-11-22T01:30:00Z",
      "2026-11-22T01:30:00.123456789Z",
      "2026-11-22T01:30:00-03:30",
    ])
      expect(isDateTime(time), time).to.equal(true);
  });

  it("refuses a time without a zone", () => {
    for (const time of ["2026-11-22T09:30:00", "2026-11-22 09:30:00", "2026-11-22"])
      expect(isDateTime(time), time).to.equal(false);
  });

  it("refuses hours, minutes, days and zones that do not exist", () => {
    for (const time of [
      "2026-11-22T24:00:00Z",
      "2026-11-22T09:60:00Z",
      "2026-11-22T09:30:60Z",
      "2026-02-30T09:30:00Z",
      "2026-11-22T09:30:00+15:00",
      "2026-11-22T09:30:00+0800",
      "2026-11-22T09:30Z",
      "2026-11-22t09:30:00z",
    ])
      expect(isDateTime(time), time).to.equal(false);
  });
});
