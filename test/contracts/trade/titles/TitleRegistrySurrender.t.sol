// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClaimRegistry} from "../../../../contracts/trade/claims/IClaimRegistry.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {ITitleRegistry} from "../../../../contracts/trade/titles/ITitleRegistry.sol";
import {vm} from "../../../support/Test.sol";
import {TitleTest} from "../../../support/TitleTest.sol";

contract TitleRegistrySurrenderTest is TitleTest {
    function setUp() public override {
        super.setUp();
        _issue();
    }

    // -------------------------------------------------------------------------------------------- surrendering

    function test_surrender_eachPurpose_recordsRequest() public {
        for (uint256 i = 0; i < 3; ++i) {
            uint256 before = vm.snapshotState();
            _expectEntry(
                2,
                ITitleRegistry.Action(uint256(ITitleRegistry.Action.SurrenderForDelivery) + i),
                seller,
                seller,
                carrier,
                "request"
            );
            _surrender(ITitleRegistry.Purpose(i));
            _assertTitle(
                seller,
                seller,
                ITitleRegistry.Status(uint256(ITitleRegistry.Status.SurrenderedForDelivery) + i)
            );
            vm.revertToState(before);
        }
    }

    function test_surrender_pledged_reverts() public {
        _pledgeToBank();
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Pledged.selector, BILL, bank));
        _surrender(ITitleRegistry.Purpose.Delivery);
    }

    function test_surrender_frozen_reverts() public {
        _freeze();
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_Frozen.selector, BILL));
        _surrender(ITitleRegistry.Purpose.Delivery);
    }

    function test_surrender_namedPartysOwn_succeeds() public {
        vm.prank(carrier);
        titles.issue(_issuance(OTHER_BILL, buyer, buyer, ITitleRegistry.Form.Named));
        vm.prank(buyer);
        titles.surrender(OTHER_BILL, ITitleRegistry.Purpose.Delivery, 0);
    }

    // ------------------------------------------------------------------------------------------------- answers

    function test_acceptForDelivery_endsTheTitle() public {
        _surrender(ITitleRegistry.Purpose.Delivery);
        _expectEntry(3, ITitleRegistry.Action.AcceptDelivery, carrier, carrier, address(0), 0);
        vm.prank(carrier);
        titles.acceptForDelivery(BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.Delivered);
    }

    function test_acceptAsVoid_leavesNothingInItsPlace() public {
        _surrender(ITitleRegistry.Purpose.Amendment);
        _expectEntry(3, ITitleRegistry.Action.AcceptVoid, carrier, carrier, address(0), 0);
        vm.prank(carrier);
        titles.acceptAsVoid(BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.Void);
    }

    function test_acceptForPaper_recordsPaper() public {
        _surrender(ITitleRegistry.Purpose.Paper);
        _expectEntry(3, ITitleRegistry.Action.AcceptPaper, carrier, carrier, address(0), PAPER);
        vm.prank(carrier);
        titles.acceptForPaper(BILL, PAPER);
        _assertTitle(seller, seller, ITitleRegistry.Status.Paper);
    }

    function test_acceptForPaper_withoutPaper_reverts() public {
        _surrender(ITitleRegistry.Purpose.Paper);
        vm.prank(carrier);
        vm.expectRevert(ITitleRegistry.TitleRegistry_EmptyHash.selector);
        titles.acceptForPaper(BILL, 0);
    }

    function test_paperThatReplacedATitle_becomesATitleAgain() public {
        _surrender(ITitleRegistry.Purpose.Paper);
        vm.startPrank(carrier);
        titles.acceptForPaper(BILL, PAPER);
        ITitleRegistry.Issuance memory issuance = _issuance(OTHER_BILL, seller, seller, ITitleRegistry.Form.ToOrder);
        issuance.paper = PAPER;
        titles.issue(issuance);
        vm.stopPrank();
        assertEq(titles.electronicOf(PAPER), OTHER_BILL);
    }

    function test_rejectSurrender_givesItBack() public {
        _surrender(ITitleRegistry.Purpose.Delivery);
        _expectEntry(3, ITitleRegistry.Action.RejectSurrender, carrier, carrier, seller, "freight unpaid");
        vm.prank(carrier);
        titles.rejectSurrender(BILL, "freight unpaid");
        _assertTitle(seller, seller, ITitleRegistry.Status.Active);
        vm.prank(seller);
        titles.transferControl(BILL, buyer);
    }

    function test_acceptForDelivery_byOtherAccreditedCarrier_reverts() public {
        _accredit(trader);
        _surrender(ITitleRegistry.Purpose.Delivery);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotActingFor.selector, carrier, trader));
        vm.prank(trader);
        titles.acceptForDelivery(BILL);
    }

    // ------------------------------------------------------------------------------------------------ amending

    function test_acceptForAmendment_newTitleTakesItsPlace() public {
        vm.prank(seller);
        titles.endorse(BILL, address(0), ITitleRegistry.Form.Blank);
        _surrender(ITitleRegistry.Purpose.Amendment);
        _expectEntry(4, ITitleRegistry.Action.AcceptAmendment, carrier, carrier, address(0), OTHER_BILL);
        vm.expectEmit(address(titles));
        emit ITitleRegistry.TitleRecorded(
            OTHER_BILL,
            1,
            ITitleRegistry.Action.Issue,
            carrier,
            carrier,
            seller,
            0,
            bytes32(uint256(2) << 160)
        );
        vm.expectEmit(address(titles));
        emit ITitleRegistry.TitleRecorded(
            OTHER_BILL,
            2,
            ITitleRegistry.Action.IssuedForAmended,
            carrier,
            carrier,
            address(0),
            uint40(block.number),
            BILL
        );
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, OTHER_BILL);

        _assertTitle(seller, address(0), ITitleRegistry.Status.Amended);
        ITitleRegistry.Title memory next = titles.title(OTHER_BILL);
        assertEq(next.holder, seller);
        assertEq(next.owner, address(0));
        assertEq(next.issuer, carrier);
        assertEq(uint256(next.status), uint256(ITitleRegistry.Status.Active));
        assertEq(uint256(titles.formOf(OTHER_BILL)), uint256(ITitleRegistry.Form.Blank));
        assertEq(claims.titleClaimOn(OTHER_BILL).claimant, address(titles));
        assertEq(claims.titleClaimOn(BILL).claimant, address(titles), "the former content stays claimed");
    }

    function test_acceptForAmendment_intoItself_reverts() public {
        _surrender(ITitleRegistry.Purpose.Amendment);
        _expectTaken(BILL, ITitleRegistry.Status.Amended);
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, BILL);
    }

    function test_acceptForAmendment_intoATitleThatIs_reverts() public {
        vm.prank(carrier);
        titles.issue(_issuance(OTHER_BILL, buyer, buyer, ITitleRegistry.Form.ToOrder));
        _surrender(ITitleRegistry.Purpose.Amendment);
        _expectTaken(OTHER_BILL, ITitleRegistry.Status.Active);
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, OTHER_BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.SurrenderedForAmendment);
    }

    function test_acceptForAmendment_intoNothing_reverts() public {
        _surrender(ITitleRegistry.Purpose.Amendment);
        vm.expectRevert(ITitleRegistry.TitleRegistry_EmptyHash.selector);
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, 0);
    }

    function test_acceptForAmendment_intoOthersDocument_reverts() public {
        _accredit(trader);
        vm.prank(trader);
        documents.anchor(OTHER_BILL, BILL_OF_LADING, TradeId.wrap(0));
        _surrender(ITitleRegistry.Purpose.Amendment);
        vm.expectRevert(
            abi.encodeWithSelector(ITitleRegistry.TitleRegistry_ForeignDocument.selector, OTHER_BILL, trader)
        );
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, OTHER_BILL);
    }

    function test_acceptForAmendment_intoContentOfOtherRegistry_reverts() public {
        ITitleRegistry other = ITitleRegistry(_newTitleRegistry());
        vm.prank(carrier);
        other.issue(_issuance(OTHER_BILL, seller, seller, ITitleRegistry.Form.ToOrder));
        _surrender(ITitleRegistry.Purpose.Amendment);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClaimRegistry.ClaimRegistry_AlreadyClaimed.selector,
                OTHER_BILL,
                other,
                bytes32(uint256(uint160(address(other))))
            )
        );
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, OTHER_BILL);
        _assertTitle(seller, seller, ITitleRegistry.Status.SurrenderedForAmendment);
    }

    function test_acceptForAmendment_noLongerAccredited_reverts() public {
        _surrender(ITitleRegistry.Purpose.Amendment);
        vm.prank(accreditor);
        documents.setAccreditation(carrier, BILL_OF_LADING, false);
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_NotAccredited.selector, carrier));
        vm.prank(carrier);
        titles.acceptForAmendment(BILL, OTHER_BILL);
    }

    /// @dev What it issued it must answer for.
    function test_acceptForDelivery_noLongerAccredited_succeeds() public {
        _surrender(ITitleRegistry.Purpose.Delivery);
        vm.prank(accreditor);
        documents.setAccreditation(carrier, BILL_OF_LADING, false);
        vm.prank(carrier);
        titles.acceptForDelivery(BILL);
    }

    function _expectTaken(bytes32 titleId, ITitleRegistry.Status status) private {
        vm.expectRevert(abi.encodeWithSelector(ITitleRegistry.TitleRegistry_WrongStatus.selector, titleId, status));
    }
}
