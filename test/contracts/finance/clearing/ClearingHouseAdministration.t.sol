// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {ISubAccounts} from "../../../../contracts/finance/clearing/ISubAccounts.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseAdministrationTest is ClearingTest {
    function test_administration_byOthers_reverts() public {
        address[3] memory others = [stranger, clearingAgent, product];
        for (uint256 i = 0; i < others.length; ++i) {
            bytes memory expected = abi.encodeWithSelector(
                IAccessManaged.AccessManagedUnauthorized.selector,
                others[i]
            );
            vm.startPrank(others[i]);
            vm.expectRevert(expected);
            house.setCap(A, CNY, 0);
            vm.expectRevert(expected);
            house.listCurrency("EUR", yuan);
            vm.expectRevert(expected);
            house.setSettlementAgent(B);
            vm.expectRevert(expected);
            house.setCycleAges(1, 2);
            vm.stopPrank();
        }
    }

    function test_setCap_aboveTheCollateral_reverts() public {
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_CapNotCovered.selector,
                A,
                CNY,
                uint256(CAP) + 10_000,
                CAP
            )
        );
        _setCap(A, CNY, CAP + 10_000);
    }

    function test_setCap_belowWhatIsOwed_reverts() public {
        _book(A, B, 60 * UNIT);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_CapExceeded.selector,
                A,
                CNY,
                60 * UNIT,
                60 * UNIT - 10_000
            )
        );
        _setCap(A, CNY, uint96(60 * UNIT - 10_000));
        _setCap(A, CNY, uint96(60 * UNIT));
        vm.expectRevert(_capExceeded(A, CNY, 60 * UNIT + 1));
        _book(A, B, 1);
    }

    function test_setCap_notWholeHundredths_orTheAgents_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_InvalidCap.selector, A, CAP - 1));
        _setCap(A, CNY, CAP - 1);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_InvalidCap.selector, AGENT, 0));
        _setCap(AGENT, CNY, 0);
    }

    function test_setCap_beforeThereIsAnAgent_reverts() public {
        IClearingHouse fresh = _newHouse();
        vm.prank(operator);
        fresh.listCurrency(CNY, yuan);
        vm.expectRevert(IClearingHouse.ClearingHouse_NoAgent.selector);
        vm.prank(risk);
        fresh.setCap(A, CNY, 0);
    }

    function test_unpledge_whatACapRestsOn_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ISubAccounts.SubAccounts_CollateralNeeded.selector, A, yuan, CAP));
        vm.prank(ownerOf[A]);
        accounts.unpledge(yuan, 1);
        _setCap(A, CNY, uint96(60 * UNIT));
        vm.prank(ownerOf[A]);
        accounts.unpledge(yuan, 40 * UNIT);
    }

    function test_listCurrency_again_orOfAnotherCoin_reverts() public {
        _assertNotListable(CNY, yuan);
        IStablecoin euro = _newCoin("Huangpu Euro", "HPEUR", "EUR");
        _assertNotListable("GBP", euro);
        vm.prank(operator);
        house.listCurrency("EUR", euro);
        assertEq(house.currencies().length, 3);
        assertEq(address(house.coinOf("EUR")), address(euro));
        assertEq(address(house.coinOf("GBP")), address(0));
    }

    function test_listCurrency_theFifth_reverts() public {
        bytes3[3] memory more = [bytes3("EUR"), "GBP", "HKD"];
        for (uint256 i = 0; i < 2; ++i) {
            IStablecoin coin = _newCoin("Coin", "COIN", more[i]);
            vm.prank(operator);
            house.listCurrency(more[i], coin);
        }
        _assertNotListable(more[2], _newCoin("Coin", "COIN", more[2]));
    }

    function test_setSettlementAgent_twiceOrUnknown_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_AgentAlreadySet.selector, AGENT));
        vm.prank(operator);
        house.setSettlementAgent(B);
        IClearingHouse fresh = _newHouse();
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_UnknownMember.selector, MEMBERS + 1));
        vm.prank(operator);
        fresh.setSettlementAgent(MEMBERS + 1);
    }

    function test_setCycleAges_outOfBounds_reverts() public {
        _assertInvalidAges(60, 60);
        _assertInvalidAges(60, 7 days + 1);
        vm.prank(operator);
        house.setCycleAges(0, 7 days);
        vm.prank(clearingAgent);
        house.close();
    }

    function test_reading_ofUnknownNames_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_CurrencyNotListed.selector, bytes3("EUR")));
        house.cap(A, "EUR");
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_UnknownMember.selector, 256 + A));
        house.exposure(256 + A, CNY);
        _assertState(77, IClearingHouse.State.Unknown);
    }

    function _assertNotListable(bytes3 currency, IStablecoin coin) private {
        vm.expectRevert(
            abi.encodeWithSelector(IClearingHouse.ClearingHouse_CurrencyNotListable.selector, currency, coin)
        );
        vm.prank(operator);
        house.listCurrency(currency, coin);
    }

    function _assertInvalidAges(uint32 minimum, uint32 maximum) private {
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_InvalidAges.selector, minimum, maximum));
        vm.prank(operator);
        house.setCycleAges(minimum, maximum);
    }
}
