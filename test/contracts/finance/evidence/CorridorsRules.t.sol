// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ForexReasons} from "../../../../contracts/finance/evidence/ForexReasons.sol";
import {ICorridors} from "../../../../contracts/finance/evidence/ICorridors.sol";
import {EvidenceWorld} from "../../../support/EvidenceWorld.sol";
import {vm} from "../../../support/Test.sol";

contract CorridorsRulesTest is EvidenceWorld {
    bytes32 internal constant CLAIM = "a claim";
    uint40 internal constant EXPIRY = NOW + 1 hours;

    function testFuzz_setRule_roundTrip_succeeds(
        uint96[3] memory limits,
        uint16[4] memory types,
        address by,
        bool open
    ) public {
        limits[0] = uint96(bound(limits[0], open ? 1 : 0, type(uint96).max));
        limits[1] = uint96(bound(limits[1], limits[0], type(uint96).max));
        limits[2] = uint96(bound(limits[2], limits[1], type(uint96).max));
        ICorridors.Rule memory rule = ICorridors.Rule(limits[0], limits[1], limits[2], types, by, open);
        vm.expectEmit(address(corridors));
        emit ICorridors.RuleSet("CN", "SG", "CNY", rule);
        vm.prank(forex);
        corridors.setRule("CN", "SG", "CNY", rule);
        assertEq(abi.encode(corridors.ruleOf("CN", "SG", "CNY")), abi.encode(rule));
        assertFalse(corridors.ruleOf("SG", "CN", "CNY").open, "the way back is another corridor");
        assertFalse(corridors.ruleOf("CN", "SG", "USD").open, "another currency is another corridor");
    }

    function test_setRule_closed_takesAnyLimits() public {
        uint16[4] memory none;
        _setRule(ICorridors.Rule(3, 2, 0, none, address(0), false));
        assertFalse(corridors.ruleOf("DE", "CN", "USD").open);
    }

    function test_setRule_noTransactionLimit_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        rule.perTransaction = 0;
        _expectInvalidLimits(rule);
    }

    function test_setRule_entityBelowTransaction_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        rule.perEntityPerDay = rule.perTransaction - 1;
        _expectInvalidLimits(rule);
    }

    function test_setRule_dayBelowEntity_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        rule.perDay = rule.perEntityPerDay - 1;
        _expectInvalidLimits(rule);
    }

    function test_setRule_notACountry_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        vm.startPrank(forex);
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_InvalidCountry.selector, bytes2("dE")));
        corridors.setRule("dE", "CN", "USD", rule);
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_InvalidCountry.selector, bytes2("C")));
        corridors.setRule("DE", "C", "USD", rule);
        vm.stopPrank();
    }

    function test_setRule_notACurrency_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        vm.prank(forex);
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_InvalidCurrency.selector, bytes3("US$")));
        corridors.setRule("DE", "CN", "US$", rule);
    }

    function testFuzz_setRule_notForex_reverts(address caller) public {
        vm.assume(caller != forex && caller != address(vm));
        ICorridors.Rule memory rule = _openRule();
        _expectUnauthorized(caller);
        vm.prank(caller);
        corridors.setRule("DE", "CN", "USD", rule);
    }

    // ------------------------------------------------------------------------------------------- approving

    function test_approveException_byTheApprover_succeeds() public {
        vm.expectEmit(address(corridors));
        emit ICorridors.ExceptionApproved(CLAIM, approver, MILLION, ForexReasons.EXCEPTABLE, EXPIRY);
        _approve(approver, ForexReasons.EXCEPTABLE, EXPIRY);
    }

    function testFuzz_approveException_notTheApprover_reverts(address caller) public {
        vm.assume(caller != approver && caller != address(vm));
        _expectNotApprover(caller);
        _approve(caller, ForexReasons.TYPE_MISSING, EXPIRY);
    }

    function test_approveException_approverOfAnotherCorridor_reverts() public {
        _expectNotApprover(approver);
        vm.prank(approver);
        corridors.approveException("CN", "DE", "USD", CLAIM, MILLION, ForexReasons.TYPE_MISSING, EXPIRY);
    }

    function test_approveException_nobodyMayApprove_reverts() public {
        ICorridors.Rule memory rule = _openRule();
        rule.approver = address(0);
        _setRule(rule);
        _expectNotApprover(approver);
        _approve(approver, ForexReasons.TYPE_MISSING, EXPIRY);
    }

    /// @dev Evidence, parties and a closed corridor are beyond any approver.
    function testFuzz_approveException_notExceptable_reverts(uint256 reasons) public {
        vm.assume(reasons == 0 || reasons & ~ForexReasons.EXCEPTABLE != 0);
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_NotExceptable.selector, reasons));
        _approve(approver, reasons, EXPIRY);
    }

    function test_approveException_everyReasonBeyondLimitsAndTypes_reverts() public {
        for (uint256 bit = 0; bit < 256; ++bit) {
            uint256 reasons = 1 << bit;
            bool exceptable =
                reasons == ForexReasons.ABOVE_TRANSACTION_LIMIT ||
                    reasons == ForexReasons.ABOVE_ENTITY_LIMIT ||
                    reasons == ForexReasons.ABOVE_CORRIDOR_LIMIT ||
                    reasons == ForexReasons.TYPE_MISSING;
            if (!exceptable) {
                vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_NotExceptable.selector, reasons));
            }
            _approve(approver, reasons, EXPIRY);
        }
    }

    function test_approveException_expired_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_InvalidExpiry.selector, NOW));
        _approve(approver, ForexReasons.TYPE_MISSING, NOW);
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _approve(address by, uint256 reasons, uint40 expiry) private {
        vm.prank(by);
        corridors.approveException("DE", "CN", "USD", CLAIM, MILLION, reasons, expiry);
    }

    function _expectNotApprover(address caller) private {
        vm.expectRevert(abi.encodeWithSelector(ICorridors.Corridors_NotApprover.selector, CLAIM, caller));
    }

    function _expectInvalidLimits(ICorridors.Rule memory rule) private {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICorridors.Corridors_InvalidLimits.selector,
                rule.perTransaction,
                rule.perEntityPerDay,
                rule.perDay
            )
        );
        _setRule(rule);
    }
}
