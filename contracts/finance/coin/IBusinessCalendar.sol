// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title On which days business is done
/// @notice A day is counted from 1 January 1970 in the calendar's own time zone and ends at its midnight, to the second.
interface IBusinessCalendar {
    /// @dev `Workday` is a day of a weekend on which business is done all the same.
    enum Day {
        Regular,
        Holiday,
        Workday
    }

    event DaySet(uint256 indexed day, Day kind);
    event WeekendSet(uint8 weekend);
    event TimeZoneSet(int32 offset);

    /// @dev No day of the week, or no bit of seven, would be left for business.
    error BusinessCalendar_InvalidWeekend(uint8 weekend);
    /// @dev Offsets lie between UTC-12 and UTC+14, in quarters of an hour.
    error BusinessCalendar_InvalidTimeZone(int32 offset);
    /// @dev Not a time from 2 January 1970 to the year 9999.
    error BusinessCalendar_InvalidTime(uint256 timestamp);

    /// @notice Says what single days are. Deadlines that were set before stay. Only OPERATOR.
    /// @param dates Days since 1 January 1970, as {dayOf} counts them.
    function setDays(uint256[] calldata dates, Day kind) external;

    /// @notice Says which days of the week are no business days. Only OPERATOR.
    /// @param weekend One bit a day, Sunday the lowest; 0x41 is Saturday and Sunday.
    function setWeekend(uint8 weekend) external;

    /// @notice Says in which time zone days begin and end. Only OPERATOR.
    /// @param offset Seconds that local time is ahead of UTC; 28,800 is UTC+8.
    function setTimeZone(int32 offset) external;

    /// @notice The first second after the business day that follows the local day of `timestamp`: what is due within one
    /// business day is overdue from then on. After fourteen days off in a row the fifteenth counts as a business day, so
    /// that no calendar stops a clock.
    function endOfNextBusinessDay(uint256 timestamp) external view returns (uint256);

    /// @notice Whether business is done on the local day of `timestamp`.
    function isBusinessDay(uint256 timestamp) external view returns (bool);

    /// @notice The local day of `timestamp`, in days since 1 January 1970.
    function dayOf(uint256 timestamp) external view returns (uint256);
}
