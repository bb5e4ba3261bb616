// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AttestedHeaders} from "../../contracts/bridge/AttestedHeaders.sol";
import {LightClient} from "../../contracts/bridge/LightClient.sol";
import {ITitleFacts} from "../../contracts/finance/titles/ITitleFacts.sol";
import {TitleCondition} from "../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../contracts/trade/sales/TradeId.sol";
import {TitleChain} from "./TitleChain.sol";
import {TradeWorld} from "./TradeWorld.sol";

/// @title A trade chain whose storage is proven to the real light client
abstract contract TitleProofTest is TradeWorld {
    uint256 internal constant TOKEN = 0x7117;
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    uint256 internal constant PERIOD = 60 days;

    TitleChain internal chain;
    LightClient internal client;
    address internal titles = makeAddr("title registry");
    address internal escrowOfTitle = makeAddr("title escrow");
    address internal bank = makeAddr("bank");

    function setUp() public virtual override {
        super.setUp();
        chain = new TitleChain(TRADE_CHAIN, address(tradeBook));
        AttestedHeaders headers = new AttestedHeaders(address(manager), TRADE_CHAIN, chain.validators());
        client = new LightClient(headers, PERIOD, 1 hours);
        gateway.follow(client);
        chain.mint(titles, TOKEN, escrowOfTitle, buyer, buyer);
        _keepFor(TRADE);
    }

    function _condition() internal view returns (TitleCondition memory) {
        return TitleCondition({registry: titles, tokenId: TOKEN, holder: buyer, beneficiary: buyer});
    }

    /// @dev At the end of block `number`, {NOW} and as many seconds.
    function _prove(uint256 number) internal view returns (ITitleFacts.TitleProof memory) {
        return chain.proveTitle(titles, TOKEN, escrowOfTitle, number);
    }

    function _keepFor(TradeId tradeId) internal {
        chain.keep(titles, TOKEN, tradeId);
    }

    function _setEscrow(uint256 slot, uint256 value) internal {
        chain.set(escrowOfTitle, bytes32(slot), value);
    }

    function _setOwner(address owner) internal {
        chain.set(titles, chain.ownerSlot(TOKEN), uint160(owner));
    }
}
