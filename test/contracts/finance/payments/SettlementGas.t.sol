// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ProvenDocument} from "../../../../contracts/trade/documents/ProvenDocument.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {TitleTerms, TradeMessages} from "../../../../contracts/trade/sales/TradeMessages.sol";
import {vm} from "../../../support/Test.sol";
import {TradeWorld} from "../../../support/TradeWorld.sol";

/// @notice What the dearest messages need: documents nobody has seen, their verdict, the first payment of the day and of the
/// seller's bank in the cycle, the payout, and the report. The bounds leave room for what coverage puts into the code.
contract SettlementGasTest is TradeWorld {
    TradeId internal constant TRADE = TradeId.wrap("a trade");
    /// @dev What a gateway takes to log the report; here it is told not to.
    uint256 internal constant REPORT = 36_000;

    bytes private _two;
    bytes private _eight;

    function setUp() public override {
        super.setUp();
        _open(TRADE, AMOUNT, _shares(5_000, 5_000));
        _fund(TRADE, AMOUNT);
        (_two, _eight) = (_message(2), _message(8));
    }

    function test_reached_onTwoDocuments_fitsIntoAMessage() public {
        _assertTakes(_two, 440_000 - REPORT);
    }

    /// @dev As many as a milestone can have.
    function test_reached_onEightDocuments_fitsIntoALargeMessage() public {
        _assertTakes(_eight, 820_000 - REPORT);
    }

    /// @dev As many titles as a trade can wait for.
    function test_open_onEightTitles_fitsIntoAMessage() public {
        TitleTerms memory terms = TitleTerms(NOW, EXPIRY, new TitleCondition[](8));
        uint16[] memory shares = new uint16[](8);
        for (uint256 i = 0; i < 8; ++i) {
            terms.conditions[i] = TitleCondition({registry: carrier, tokenId: 7, holder: buyer, beneficiary: buyer});
            shares[i] = 1_250;
        }
        TradeId other = TradeId.wrap("another trade");
        bytes memory payload = TradeMessages.agreedOnTitles(other, _escrowTerms(AMOUNT, shares), terms);
        bytes memory sender = gateway.senderOf(address(tradeBook));
        vm.prank(address(gateway));
        uint256 before = gasleft();
        settlement.receiveMessage(bytes32(0), sender, payload);
        uint256 gas = before - gasleft();
        assertLe(gas, 1_000_000, vm.toString(gas));
    }

    function _message(uint256 count) private returns (bytes memory) {
        ProvenDocument[] memory documents = new ProvenDocument[](count);
        for (uint256 i = 0; i < count; ++i) documents[i] = _evidence()[0];
        bytes memory payload = TradeMessages.milestoneReached(TRADE, 0, documents);
        return abi.encodeCall(settlement.receiveMessage, (bytes32(0), gateway.senderOf(address(tradeBook)), payload));
    }

    /// @dev All that is touched before is touched in {setUp}, which is another transaction: so every slot is cold.
    function _assertTakes(bytes memory message, uint256 most) private {
        vm.mockCall(address(gateway), abi.encodePacked(gateway.sendMessage.selector), abi.encode(bytes32(0)));
        vm.prank(address(gateway));
        uint256 before = gasleft();
        (bool success, ) = address(settlement).call(message);
        uint256 gas = before - gasleft();
        assertTrue(success);
        assertEq(dollar.balanceOf(seller), AMOUNT / 2);
        assertEq(settlement.escrow(TRADE).held, 0);
        assertLe(gas, most, vm.toString(gas));
    }
}
