// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {IFxDesk} from "../../../../contracts/finance/fx/IFxDesk.sol";
import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice What the banks owe the settlement agent for escrows, and it owes them; and funding out of another coin.
contract SettlementClearingTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    uint256 internal constant HALF = AMOUNT / 2;
    /// @dev What the provider asks for {AMOUNT} dollars, at 1.25 dollars a euro.
    uint128 internal constant PRICE = (AMOUNT * 4) / 5;

    address internal provider;
    uint256 internal providerKey;
    uint16 internal providerId;
    uint16 internal agentId;

    function setUp() public override {
        super.setUp();
        (provider, providerKey) = makeAddrAndKey("provider");
        providerId = _newBank(provider);
        agentId = clearing.settlementAgent();
        _setProvider(provider);
        _listPair("EUR", "USD", 1.25e18);
        _deposit(providerId, dollar, AMOUNT);
        _open(TRADE, AMOUNT, _shares(5_000, 5_000));
    }

    // ---------------------------------------------------------------------------------------------------- legs

    function test_fund_isOwedByTheBuyersBankToTheAgent() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _assertNets(-int256(uint256(AMOUNT)), 0, int256(uint256(AMOUNT)));
    }

    function test_reached_isOwedByTheAgentToTheSellersBank() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _assertNets(-int256(uint256(AMOUNT)), int256(HALF), int256(HALF));
        _reach(TRADE, 1);
        _assertNets(-int256(uint256(AMOUNT)), int256(uint256(AMOUNT)), 0);
    }

    function test_terminated_isOwedByTheAgentToTheBuyersBank() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _reach(TRADE, 0);
        _terminate(TRADE);
        _assertNets(-int256(HALF), int256(HALF), 0);
    }

    function test_fund_withoutAnAgent_reverts() public moneyIsConserved {
        vm.mockCall(address(clearing), abi.encodeCall(IClearingHouse.settlementAgent, ()), abi.encode(uint16(0)));
        _mint(dollar, buyer, AMOUNT);
        vm.startPrank(buyer);
        dollar.approve(address(settlement), AMOUNT);
        vm.expectRevert(ISettlement.Settlement_NoAgent.selector);
        settlement.fund(TRADE, AMOUNT);
        vm.stopPrank();
    }

    function test_fund_beyondTheCapByOneUnit_reverts() public moneyIsConserved {
        _setCap(buyersBank, "USD", uint96(AMOUNT - 10_000));
        _mint(dollar, buyer, AMOUNT);
        vm.startPrank(buyer);
        dollar.approve(address(settlement), AMOUNT);
        vm.expectRevert(
            abi.encodeWithSelector(
                IClearingHouse.ClearingHouse_CapExceeded.selector,
                buyersBank,
                bytes3("USD"),
                AMOUNT,
                AMOUNT - 10_000
            )
        );
        settlement.fund(TRADE, AMOUNT);
        vm.stopPrank();
        _assertEscrow(TRADE, ISettlement.State.Open);
    }

    function test_fund_withoutBank_reverts() public moneyIsConserved {
        _leaveEmpty(buyer);
        _mint(dollar, buyer, AMOUNT);
        vm.startPrank(buyer);
        dollar.approve(address(settlement), AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(ISettlement.Settlement_NoBank.selector, buyer));
        settlement.fund(TRADE, AMOUNT);
        vm.stopPrank();
    }

    function test_reached_sellerWithoutBank_isPaidAndOwedToNobody() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        _leaveEmpty(seller);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(seller), HALF);
        _assertNets(-int256(uint256(AMOUNT)), 0, int256(uint256(AMOUNT)));
    }

    /// @dev Whatever the clearing house says: a payout is a message, which nobody sends again.
    function test_reached_clearingRefuses_isPaidAndBookedLater() public moneyIsConserved {
        _fund(TRADE, AMOUNT);
        vm.prank(registrar);
        subAccounts.suspendMember(agentId);
        vm.expectEmit(address(settlement));
        emit ISettlement.LegUnbooked(sellersBank, "USD", HALF);
        _reach(TRADE, 0);
        assertEq(dollar.balanceOf(seller), HALF);
        assertEq(settlement.unbooked(sellersBank, "USD"), HALF);
        _reach(TRADE, 1);
        assertEq(settlement.unbooked(sellersBank, "USD"), AMOUNT);

        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_MemberSuspended.selector, agentId));
        settlement.bookLater(sellersBank, "USD");
        vm.prank(registrar);
        subAccounts.reinstateMember(agentId);
        vm.prank(stranger);
        settlement.bookLater(sellersBank, "USD");
        _assertNets(-int256(uint256(AMOUNT)), int256(uint256(AMOUNT)), 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISettlement.Settlement_NothingUnbooked.selector, sellersBank, bytes3("USD"))
        );
        settlement.bookLater(sellersBank, "USD");
    }

    // ---------------------------------------------------------------------------------------- fundByConversion

    function test_fundByConversion_movesBothCoinsAndFunds() public moneyIsConserved {
        _mint(euro, buyer, PRICE);
        _convert(buyer, _quote());
        _assertEscrow(TRADE, ISettlement.State.Funded);
        assertEq(dollar.balanceOf(address(settlement)), AMOUNT);
        assertEq(subAccounts.balance(providerId, euro).available, PRICE);
        assertEq(subAccounts.balance(providerId, dollar).available, 0);
        assertEq(gateway.message(0).payload, TradeMessages.funded(TRADE));
        _assertNet(buyersBank, "EUR", -int256(uint256(PRICE)));
        _assertNet(providerId, "EUR", int256(uint256(PRICE)));
        _assertNet(providerId, "USD", -int256(uint256(AMOUNT)));
        _assertNet(agentId, "USD", int256(uint256(AMOUNT)));
    }

    function test_fundByConversion_somethingDue_isPaid() public moneyIsConserved {
        _reach(TRADE, 0);
        _mint(euro, buyer, PRICE);
        _convert(buyer, _quote());
        assertEq(dollar.balanceOf(seller), HALF);
    }

    function test_fundByConversion_anybodyElse_reverts() public moneyIsConserved {
        _mint(euro, broker, PRICE);
        IFxDesk.Quote memory quote = _quote();
        quote.taker = broker;
        _revertConvert(broker, quote, abi.encodeWithSelector(ISettlement.Settlement_NotBuyer.selector, TRADE, broker));
    }

    function test_fundByConversion_oneUnitOff_reverts() public moneyIsConserved {
        _mint(euro, buyer, PRICE);
        IFxDesk.Quote memory quote = _quote();
        quote.buyAmount = AMOUNT - 1;
        _revertConvert(
            buyer,
            quote,
            abi.encodeWithSelector(ISettlement.Settlement_WrongFunding.selector, TRADE, AMOUNT, AMOUNT - 1)
        );
    }

    function test_fundByConversion_intoAnotherCoin_reverts() public moneyIsConserved {
        IFxDesk.Quote memory quote = _quote();
        quote.buyCoin = euro;
        _revertConvert(
            buyer,
            quote,
            abi.encodeWithSelector(ISettlement.Settlement_WrongQuoteCoin.selector, dollar, euro)
        );
    }

    /// @dev A debt in a currency that a worthless coin only claims to stand for.
    function test_fundByConversion_outOfACoinThatIsNotListed_reverts() public moneyIsConserved {
        _mint(euro, buyer, PRICE);
        _list(euro, false);
        _revertConvert(buyer, _quote(), abi.encodeWithSelector(ISettlement.Settlement_CoinNotListed.selector, euro));
    }

    /// @dev An escrow that took the coins for granted would be paid out of others.
    function test_fundByConversion_pausedCoin_reverts() public moneyIsConserved {
        _mint(euro, buyer, PRICE);
        IFxDesk.Quote memory quote = _quote();
        _pause(dollar);
        _revertConvert(buyer, quote, abi.encodeWithSelector(ISettlement.Settlement_NotDelivered.selector, dollar));
        _assertEscrow(TRADE, ISettlement.State.Open);
        assertEq(euro.balanceOf(buyer), PRICE);
        assertFalse(desk.isUsed(provider, quote.nonce));
    }

    function test_fundByConversion_secondQuote_reverts() public moneyIsConserved {
        _mint(euro, buyer, PRICE);
        _convert(buyer, _quote());
        _revertConvert(
            buyer,
            _quote(),
            abi.encodeWithSelector(ISettlement.Settlement_WrongState.selector, TRADE, ISettlement.State.Funded)
        );
    }

    // ------------------------------------------------------------------------------------------------ shorthands

    function _quote() private view returns (IFxDesk.Quote memory) {
        return
            IFxDesk.Quote({
                provider: provider,
                taker: buyer,
                sellCoin: euro,
                sellAmount: PRICE,
                buyCoin: dollar,
                buyAmount: AMOUNT,
                nonce: "a nonce",
                expiry: EXPIRY
            });
    }

    function _convert(address by, IFxDesk.Quote memory quote) private {
        bytes memory signature = _sign(quote, providerKey);
        vm.startPrank(by);
        euro.approve(address(settlement), PRICE);
        settlement.fundByConversion(TRADE, quote, signature);
        vm.stopPrank();
    }

    function _revertConvert(address by, IFxDesk.Quote memory quote, bytes memory expected) private {
        bytes memory signature = _sign(quote, providerKey);
        vm.startPrank(by);
        if (!euro.paused()) euro.approve(address(settlement), PRICE);
        vm.expectRevert(expected);
        settlement.fundByConversion(TRADE, quote, signature);
        vm.stopPrank();
    }

    function _assertNets(int256 buyers, int256 sellers, int256 agents) private view {
        _assertNet(buyersBank, "USD", buyers);
        _assertNet(sellersBank, "USD", sellers);
        _assertNet(agentId, "USD", agents);
    }

    function _assertNet(uint16 member, bytes3 currency, int256 expected) private view {
        assertEq(clearing.position(clearing.openCycle(), member, currency).net, expected);
    }
}
