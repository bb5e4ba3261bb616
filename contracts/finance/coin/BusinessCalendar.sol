// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IBusinessCalendar} from "./IBusinessCalendar.sol";

/// @title BusinessCalendar
/// @notice Guarantees that a deadline is at most sixteen days away whatever the calendar says. Trusts OPERATOR for weekends,
/// holidays and the time zone; none of them moves a deadline that somebody noted before. Begins with Saturday and Sunday
/// off, in UTC+8, without summer time.
contract BusinessCalendar is IBusinessCalendar, AccessManaged {
    uint256 private constant LONGEST_BREAK = 14;
    uint256 private constant YEAR_10000 = 253_402_300_800;

    mapping(uint256 day => Day) public kindOf;
    uint8 public weekend = 0x41;
    int32 public timeZone = 8 hours;

    constructor(address initialAuthority) AccessManaged(initialAuthority) {}

    /// @inheritdoc IBusinessCalendar
    function setDays(uint256[] calldata dates, Day kind) external restricted {
        for (uint256 i = 0; i < dates.length; ++i) {
            kindOf[dates[i]] = kind;
            emit DaySet(dates[i], kind);
        }
    }

    /// @inheritdoc IBusinessCalendar
    function setWeekend(uint8 newWeekend) external restricted {
        require(newWeekend < 0x7f, BusinessCalendar_InvalidWeekend(newWeekend));
        weekend = newWeekend;
        emit WeekendSet(newWeekend);
    }

    /// @inheritdoc IBusinessCalendar
    function setTimeZone(int32 offset) external restricted {
        require(
            offset >= -12 hours && offset <= 14 hours && offset % 15 minutes == 0,
            BusinessCalendar_InvalidTimeZone(offset)
        );
        timeZone = offset;
        emit TimeZoneSet(offset);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IBusinessCalendar
    function endOfNextBusinessDay(uint256 timestamp) external view returns (uint256) {
        uint256 day = dayOf(timestamp) + 1;
        for (uint256 off = 0; off < LONGEST_BREAK && !_isBusinessDay(day); ++off) ++day;
        return uint256(int256((day + 1) * 1 days) - timeZone); // at least two days after 1970
    }

    /// @inheritdoc IBusinessCalendar
    function isBusinessDay(uint256 timestamp) external view returns (bool) {
        return _isBusinessDay(dayOf(timestamp));
    }

    /// @inheritdoc IBusinessCalendar
    function dayOf(uint256 timestamp) public view returns (uint256) {
        require(timestamp >= 1 days && timestamp < YEAR_10000, BusinessCalendar_InvalidTime(timestamp));
        return uint256(int256(timestamp) + timeZone) / 1 days; // the zone is less than a day
    }

    function _isBusinessDay(uint256 day) private view returns (bool) {
        Day kind = kindOf[day];
        if (kind != Day.Regular) return kind == Day.Workday;
        uint256 dayOfWeek = (day + 4) % 7; // 1 January 1970 was a Thursday
        return weekend & (1 << dayOfWeek) == 0;
    }
}
