// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

import {ISettlement} from "../../../../contracts/finance/payments/ISettlement.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {EscrowTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {LoopbackGateway} from "../../../support/LoopbackGateway.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @dev Hands over a message of the trade book before each transfer out of an allowance, as a coin that tells its
/// holders of transfers lets a holder do.
contract CoinWithHook is ERC20("Hook", "HOOK") {
    bytes3 public constant currency = "USD";

    LoopbackGateway private immutable _gateway;
    address private immutable _from;
    address private immutable _to;
    bytes private _payload;

    constructor(LoopbackGateway gateway, address from, address to) {
        (_gateway, _from, _to) = (gateway, from, to);
    }

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    function setHook(bytes calldata payload) external {
        _payload = payload;
    }

    function transferFrom(address from, address to, uint256 value) public override returns (bool) {
        if (_payload.length > 0) _gateway.inject(_from, _to, _payload);
        return super.transferFrom(from, to, value);
    }
}

/// @notice Messages that arrive in the middle of a funding.
contract SettlementReentrancyTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    TradeId internal constant VICTIM = TradeId.wrap("somebody else's trade");

    CoinWithHook internal coin;

    function setUp() public override {
        super.setUp();
        coin = new CoinWithHook(gateway, address(tradeBook), address(settlement));
        vm.prank(operator);
        settlement.listCoin(IStablecoin(address(coin)), true);
        EscrowTerms memory terms = EscrowTerms(buyer, seller, "USD", address(coin), AMOUNT, _shares(4_000, 6_000));
        _say(TradeMessages.agreed(TRADE, terms));
        _say(TradeMessages.agreed(VICTIM, terms));
        coin.mint(buyer, 2 * AMOUNT);
        vm.startPrank(buyer);
        coin.approve(address(settlement), 2 * AMOUNT);
        settlement.fund(VICTIM, AMOUNT);
        vm.stopPrank();
    }

    function test_fund_reachedMeanwhile_paysOnce() public {
        _fundWhile(TradeMessages.milestoneReached(TRADE, 0, _evidence()));
        _assertBalances((AMOUNT * 4) / 10, 0);
        _assertEscrow(TRADE, ISettlement.State.Funded);
    }

    function test_fund_lastReachedMeanwhile_paysOnce() public {
        _reach(TRADE, 0);
        _fundWhile(TradeMessages.milestoneReached(TRADE, 1, _evidence()));
        _assertBalances(AMOUNT, 0);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function test_fund_terminatedMeanwhile_refundsOnce() public {
        _reach(TRADE, 0);
        _fundWhile(TradeMessages.terminated(TRADE, 1));
        _assertBalances((AMOUNT * 4) / 10, (AMOUNT * 6) / 10);
        _assertEscrow(TRADE, ISettlement.State.Closed);
    }

    function _fundWhile(bytes memory payload) private {
        coin.setHook(payload);
        vm.prank(buyer);
        settlement.fund(TRADE, AMOUNT);
    }

    function _assertBalances(uint256 sellers, uint256 buyers) private view {
        assertEq(coin.balanceOf(seller), sellers);
        assertEq(coin.balanceOf(buyer), buyers);
        assertEq(coin.balanceOf(address(settlement)), 2 * AMOUNT - sellers - buyers);
    }
}
