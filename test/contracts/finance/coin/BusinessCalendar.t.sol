// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IBusinessCalendar} from "../../../../contracts/finance/coin/IBusinessCalendar.sol";
import {CoinTest} from "../../../support/CoinTest.sol";
import {vm} from "../../../support/Test.sol";

contract BusinessCalendarTest is CoinTest {
    /// @dev Midnight in UTC+8 at which Monday 6 July 2026 begins.
    uint256 internal constant DAWN = MONDAY - 10 hours;

    // --------------------------------------------------------------------------------------------- deadlines

    function test_endOfNextBusinessDay_monday_isTheEndOfTuesday() public view {
        _assertEnd(MONDAY, DAWN + 2 days);
    }

    function test_endOfNextBusinessDay_boundaryOfADay_isExactToTheSecond() public view {
        _assertEnd(DAWN - 1, DAWN + 1 days); // Sunday 23:59:59
        _assertEnd(DAWN, DAWN + 2 days); // Monday 00:00:00
        _assertEnd(DAWN + 1 days - 1, DAWN + 2 days);
        _assertEnd(DAWN + 1 days, DAWN + 3 days);
    }

    function test_endOfNextBusinessDay_fridayEvening_isTheEndOfMonday() public view {
        _assertEnd(DAWN + 4 days + 20 hours, DAWN + 8 days);
    }

    function test_endOfNextBusinessDay_weekend_isTheEndOfMonday() public view {
        _assertEnd(DAWN + 5 days, DAWN + 8 days);
        _assertEnd(DAWN + 7 days - 1, DAWN + 8 days);
    }

    function test_endOfNextBusinessDay_holidays_areSkipped() public {
        uint256 monday = calendar.dayOf(MONDAY);
        _setDays(_days(monday + 1, monday + 2), IBusinessCalendar.Day.Holiday);
        _assertEnd(MONDAY, DAWN + 4 days); // Thursday
        _assertEnd(DAWN + 1 days, DAWN + 4 days);
    }

    function test_endOfNextBusinessDay_workingSunday_counts() public {
        uint256 sunday = calendar.dayOf(MONDAY) + 6;
        _setDays(_days(sunday, sunday), IBusinessCalendar.Day.Workday);
        _assertEnd(DAWN + 4 days + 20 hours, DAWN + 7 days);
        assertTrue(calendar.isBusinessDay(DAWN + 6 days));
    }

    function test_endOfNextBusinessDay_anotherTimeZone_endsAtItsMidnight() public {
        vm.prank(operator);
        calendar.setTimeZone(0);
        _assertEnd(MONDAY, DAWN + 8 hours + 2 days);
        // 02:00 on Tuesday in UTC+8 is still Monday in UTC.
        _assertEnd(DAWN + 1 days + 2 hours, DAWN + 8 hours + 2 days);
    }

    function test_endOfNextBusinessDay_endlessHolidays_areBounded() public {
        uint256 monday = calendar.dayOf(MONDAY);
        uint256[] memory all = new uint256[](60);
        for (uint256 i = 0; i < 60; ++i) all[i] = monday + i;
        _setDays(all, IBusinessCalendar.Day.Holiday);
        _assertEnd(MONDAY, DAWN + 16 days);
    }

    function testFuzz_endOfNextBusinessDay_alwaysAhead_withinSixteenDays(uint40 timestamp, uint8 weekend) public {
        uint256 time = bound(timestamp, 2 days, 253_402_300_799);
        vm.prank(operator);
        calendar.setWeekend(weekend % 0x7f);
        uint256 end = calendar.endOfNextBusinessDay(time);
        assertGt(end, time + 1 days - 1);
        assertLe(end, time + 16 days);
        assertEq((end + 8 hours) % 1 days, 0, "not a local midnight");
        assertTrue(calendar.isBusinessDay(end - 1), "does not end with a business day");
        assertTrue(end >= calendar.endOfNextBusinessDay(time - 1), "an earlier request has a later deadline");
    }

    function test_endOfNextBusinessDay_afterTheYear9999_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IBusinessCalendar.BusinessCalendar_InvalidTime.selector, 1 << 60));
        calendar.endOfNextBusinessDay(1 << 60);
        vm.expectRevert(abi.encodeWithSelector(IBusinessCalendar.BusinessCalendar_InvalidTime.selector, 1 days - 1));
        calendar.endOfNextBusinessDay(1 days - 1);
    }

    function test_isBusinessDay_ofAWeek() public view {
        for (uint256 i = 0; i < 14; ++i) assertEq(calendar.isBusinessDay(DAWN + i * 1 days), i % 7 < 5);
    }

    // ------------------------------------------------------------------------------------------------ setting

    function test_setDays_backToRegular_succeeds() public {
        uint256 monday = calendar.dayOf(MONDAY);
        _setDays(_days(monday, monday), IBusinessCalendar.Day.Holiday);
        assertFalse(calendar.isBusinessDay(MONDAY));
        vm.expectEmit(address(calendar));
        emit IBusinessCalendar.DaySet(monday, IBusinessCalendar.Day.Regular);
        _setDays(_days(monday, monday), IBusinessCalendar.Day.Regular);
        assertTrue(calendar.isBusinessDay(MONDAY));
    }

    function test_setWeekend_wholeWeek_reverts() public {
        for (uint256 weekend = 0x7f; weekend <= 0xff; ++weekend) {
            vm.expectRevert(
                abi.encodeWithSelector(IBusinessCalendar.BusinessCalendar_InvalidWeekend.selector, weekend)
            );
            vm.prank(operator);
            calendar.setWeekend(uint8(weekend));
        }
    }

    function test_setWeekend_fridayAndSaturday_succeeds() public {
        vm.expectEmit(address(calendar));
        emit IBusinessCalendar.WeekendSet(0x60);
        vm.prank(operator);
        calendar.setWeekend(0x60);
        assertFalse(calendar.isBusinessDay(DAWN + 4 days));
        assertFalse(calendar.isBusinessDay(DAWN + 5 days));
        assertTrue(calendar.isBusinessDay(DAWN + 6 days));
    }

    function test_setTimeZone_outOfRange_reverts() public {
        int32[4] memory offsets = [int32(-12 hours - 15 minutes), 14 hours + 15 minutes, 8 hours + 1, -1];
        for (uint256 i = 0; i < offsets.length; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IBusinessCalendar.BusinessCalendar_InvalidTimeZone.selector, offsets[i])
            );
            vm.prank(operator);
            calendar.setTimeZone(offsets[i]);
        }
    }

    function test_set_anybodyElse_reverts() public {
        vm.startPrank(issuer);
        _expectUnauthorized(issuer);
        calendar.setDays(new uint256[](1), IBusinessCalendar.Day.Holiday);
        _expectUnauthorized(issuer);
        calendar.setWeekend(0);
        _expectUnauthorized(issuer);
        calendar.setTimeZone(0);
        vm.stopPrank();
    }

    // ---------------------------------------------------------------------------------------------- shorthands

    function _assertEnd(uint256 timestamp, uint256 expected) private view {
        assertEq(calendar.endOfNextBusinessDay(timestamp), expected);
    }

    function _setDays(uint256[] memory dates, IBusinessCalendar.Day kind) private {
        vm.prank(operator);
        calendar.setDays(dates, kind);
    }

    function _days(uint256 first, uint256 second) private pure returns (uint256[] memory dates) {
        dates = new uint256[](2);
        (dates[0], dates[1]) = (first, second);
    }
}
