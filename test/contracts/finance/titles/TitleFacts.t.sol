// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IGateway} from "../../../../contracts/bridge/IGateway.sol";
import {ILightClient} from "../../../../contracts/bridge/ILightClient.sol";
import {StateProof} from "../../../../contracts/bridge/StateProof.sol";
import {ITitleFacts} from "../../../../contracts/finance/titles/ITitleFacts.sol";
import {TitleCondition} from "../../../../contracts/trade/sales/TitleCondition.sol";
import {TradeId} from "../../../../contracts/trade/sales/TradeId.sol";
import {vm} from "../../../support/Test.sol";
import {TitleProofTest} from "../../../support/TitleProofTest.sol";

contract TitleFactsTest is TitleProofTest {
    address internal constant BURNT = 0x000000000000000000000000000000000000dEaD;

    function setUp() public override {
        super.setUp();
        titleFacts.linkTradeBook(address(tradeBook));
    }

    function test_delivered_returnsTheBlocksTime() public {
        vm.prank(stranger);
        assertEq(_require(_prove(7)), NOW + 7);
        assertNotEq(client.blockHashAt(7), bytes32(0));
    }

    /// @dev A header that is held needs no seal.
    function test_delivered_heldHeader_needsNoSeal() public {
        _require(_prove(7));
        ITitleFacts.TitleProof memory proof = _prove(7);
        proof.seal = "";
        assertEq(_require(proof), NOW + 7);
    }

    function test_delivered_withNominee_succeeds() public {
        _setEscrow(6, (1 << 160) | uint160(bank));
        _require(_prove(1));
    }

    // ------------------------------------------------------------------------------------- the title is not there

    function test_surrendered_reverts() public {
        _setOwner(titles);
        _refuse(_notInEscrow(titles), 1);
    }

    function test_burnt_reverts() public {
        _setOwner(BURNT);
        _refuse(_notInEscrow(BURNT), 1);
    }

    function test_neverMinted_reverts() public {
        _setOwner(address(0));
        bytes32 slot = chain.ownerSlot(TOKEN);
        ITitleFacts.TitleProof memory proof = _prove(1);
        vm.expectRevert(abi.encodeWithSelector(StateProof.StateProof_SlotAbsent.selector, slot));
        _require(proof);
    }

    function test_unknownRegistry_reverts() public {
        TitleCondition memory condition = _condition();
        condition.registry = stranger;
        ITitleFacts.TitleProof memory proof = chain.proveTitle(stranger, TOKEN, escrowOfTitle, 1);
        vm.expectRevert(abi.encodeWithSelector(StateProof.StateProof_AccountAbsent.selector, stranger));
        titleFacts.requireDelivered(condition, TRADE, proof);
    }

    function test_inactive_reverts() public {
        _setEscrow(6, uint160(bank));
        _refuse(abi.encodeWithSelector(ITitleFacts.TitleFacts_Inactive.selector, escrowOfTitle), 1);
    }

    function test_wrongHolder_reverts() public {
        _setEscrow(3, uint160(bank));
        _refuse(abi.encodeWithSelector(ITitleFacts.TitleFacts_WrongHolder.selector, buyer, bank), 1);
    }

    function test_rightHolderWrongBeneficiary_reverts() public {
        _setEscrow(2, uint160(bank));
        _refuse(abi.encodeWithSelector(ITitleFacts.TitleFacts_WrongBeneficiary.selector, buyer, bank), 1);
    }

    function test_stillRejectable_reverts() public {
        _setEscrow(4, uint160(seller));
        _refuse(_rejectable(seller, address(0)), 1);
        _setEscrow(5, uint160(seller));
        _refuse(_rejectable(seller, seller), 2);
        _setEscrow(4, 0);
        _refuse(_rejectable(address(0), seller), 3);
    }

    // --------------------------------------------------------------------------------------- another thing is proven

    /// @dev The owner's escrow must say that it keeps this very title.
    function test_escrowOfAnotherToken_reverts() public {
        _setEscrow(1, TOKEN + 1);
        _refuse(_notItsEscrow(titles, TOKEN + 1), 1);
    }

    function test_escrowOfAnotherRegistry_reverts() public {
        _setEscrow(0, uint160(stranger));
        _refuse(_notItsEscrow(stranger, TOKEN), 1);
    }

    /// @dev Another title, delivered all right.
    function test_proofOfAnotherToken_reverts() public {
        address other = makeAddr("another escrow");
        chain.mint(titles, TOKEN + 1, other, buyer, buyer);
        _setEscrow(3, uint160(bank));
        ITitleFacts.TitleProof memory proof = chain.proveTitle(titles, TOKEN + 1, other, 1);
        // The paths of two slots part, so the trie shows at best that this one is absent.
        vm.expectRevert();
        _require(proof);
    }

    /// @dev An escrow with the right words in it, which the registry does not name.
    function test_escrowThatIsNotTheOwner_reverts() public {
        address forged = makeAddr("forged escrow");
        chain.mint(titles, TOKEN, forged, buyer, buyer);
        _setOwner(escrowOfTitle);
        _setEscrow(3, uint160(bank));
        ITitleFacts.TitleProof memory proof = chain.proveTitle(titles, TOKEN, forged, 1);
        vm.expectRevert();
        _require(proof);
    }

    /// @dev That nobody can reject is shown by absence: the path to another absent slot must not do.
    function test_exclusionProofOfAnotherSlot_reverts() public {
        _setEscrow(5, uint160(seller));
        ITitleFacts.TitleProof memory proof = _prove(1);
        for (uint256 slot = 0; slot < 7; ++slot) {
            if (slot == 5) continue;
            ITitleFacts.TitleProof memory forged = proof;
            forged.slotProofs[5] = proof.slotProofs[slot];
            _expectAnyRefusal(forged);
        }
    }

    function test_exclusionProofCutShort_reverts() public {
        ITitleFacts.TitleProof memory proof = _prove(1);
        proof.slotProofs[5] = new bytes[](0);
        _expectAnyRefusal(proof);
    }

    function test_escrowProofOfAnotherState_reverts() public {
        ITitleFacts.TitleProof memory earlier = _prove(1);
        _setEscrow(3, uint160(bank));
        ITitleFacts.TitleProof memory later = _prove(2);
        later.escrowProof = earlier.escrowProof;
        later.slotProofs = earlier.slotProofs;
        _expectAnyRefusal(later);
    }

    function testFuzz_bitFlipped_reverts(uint256 at, uint256 bit) public {
        ITitleFacts.TitleProof memory proof = _prove(1);
        bytes memory node = proof.slotProofs[bound(at, 0, 6)][0];
        bit = bound(bit, 0, node.length * 8 - 1);
        node[bit / 8] ^= bytes1(uint8(1 << (bit % 8)));
        _expectAnyRefusal(proof);
    }

    function test_otherProofCounts_revert() public {
        for (uint256 count = 0; count < 9; ++count) {
            if (count == 7) continue;
            ITitleFacts.TitleProof memory proof = _prove(1);
            proof.slotProofs = new bytes[][](count);
            vm.expectRevert(abi.encodeWithSelector(ITitleFacts.TitleFacts_WrongProofCount.selector, count));
            _require(proof);
        }
    }

    // ------------------------------------------------------------------------------------------------ which trade keeps it

    function test_keptByAnotherTrade_reverts() public {
        TradeId other = TradeId.wrap("another trade");
        _keepFor(other);
        _refuse(_notKept(other), 1);
    }

    function test_keptByNone_reverts() public {
        _keepFor(TradeId.wrap(0));
        _refuse(_notKept(TradeId.wrap(0)), 1);
    }

    function test_keptByNone_asAsked_succeeds() public {
        _keepFor(TradeId.wrap(0));
        ITitleFacts.TitleProof memory proof = _prove(1);
        assertEq(titleFacts.requireDelivered(_condition(), TradeId.wrap(0), proof), NOW + 1);
    }

    /// @dev That the trade keeps a title of that registry, or this token of another one, says nothing.
    function test_keptProofOfAnotherTitle_reverts() public {
        chain.keep(titles, TOKEN + 1, TRADE);
        chain.keep(stranger, TOKEN, TRADE);
        _keepFor(TradeId.wrap(0));
        ITitleFacts.TitleProof memory proof = _prove(1);
        proof.keptProof = chain.proveTitle(titles, TOKEN + 1, escrowOfTitle, 1).keptProof;
        _expectAnyRefusal(proof);
        proof.keptProof = chain.proveTitle(stranger, TOKEN, escrowOfTitle, 1).keptProof;
        _expectAnyRefusal(proof);
        proof.keptProof = new bytes[](0);
        _expectAnyRefusal(proof);
    }

    /// @dev A contract that anybody deploys has in that slot what they like.
    function test_keptProofOfAnotherContract_reverts() public {
        _keepFor(TradeId.wrap(0));
        chain.set(stranger, chain.keptSlot(titles, TOKEN), uint256(TradeId.unwrap(TRADE)));
        bytes32[] memory slots = new bytes32[](1);
        slots[0] = chain.keptSlot(titles, TOKEN);
        ITitleFacts.TitleProof memory proof = _prove(1);
        ITitleFacts.FactProof memory forged = chain.proveFact(stranger, slots, 1);
        proof.keptProof = forged.slotProofs[0];
        _expectAnyRefusal(proof);
        proof.tradeBookProof = forged.accountProof;
        _expectAnyRefusal(proof);
    }

    function test_keptProofOfAnotherState_reverts() public {
        ITitleFacts.TitleProof memory earlier = _prove(1);
        _keepFor(TradeId.wrap(0));
        ITitleFacts.TitleProof memory later = _prove(2);
        later.tradeBookProof = earlier.tradeBookProof;
        later.keptProof = earlier.keptProof;
        _expectAnyRefusal(later);
    }

    // ------------------------------------------------------------------------------------------- the light client

    function test_unsealedHeader_reverts() public {
        ITitleFacts.TitleProof memory proof = _prove(1);
        proof.seal = "";
        vm.expectPartialRevert(ILightClient.LightClient_HeaderNotHeld.selector);
        _require(proof);
    }

    function test_paused_reverts() public {
        gateway.setPaused(true);
        _refuse(abi.encodeWithSelector(IGateway.Gateway_Paused.selector, true), 1);
    }

    function test_notLinked_reverts() public {
        gateway.follow(ILightClient(address(0)));
        _refuse(abi.encodeWithSelector(IGateway.Gateway_NotLinked.selector), 1);
    }

    function test_frozen_reverts() public {
        ITitleFacts.TitleProof memory held = _prove(3);
        _require(held);
        _setEscrow(3, uint160(bank));
        (bytes memory header, bytes memory consent) = chain.sealed_(3);
        client.reportEquivocation(header, consent);
        vm.expectRevert(ILightClient.LightClient_Frozen.selector);
        _require(held);
    }

    function test_headerTooOld_reverts() public {
        ITitleFacts.TitleProof memory proof = _prove(1);
        vm.warp(NOW + PERIOD + 2);
        vm.expectPartialRevert(ILightClient.LightClient_HeaderTooOld.selector);
        _require(proof);
    }

    // ------------------------------------------------------------------------------------------------- shorthands

    /// @dev Cheatcodes expect something of the next call, so the proof must be there before.
    function _require(ITitleFacts.TitleProof memory proof) private returns (uint256) {
        return titleFacts.requireDelivered(_condition(), TRADE, proof);
    }

    function _refuse(bytes memory expected, uint256 number) private {
        ITitleFacts.TitleProof memory proof = _prove(number);
        vm.expectRevert(expected);
        _require(proof);
    }

    function _expectAnyRefusal(ITitleFacts.TitleProof memory proof) private {
        (bool success, ) = address(titleFacts).call(
            abi.encodeCall(ITitleFacts.requireDelivered, (_condition(), TRADE, proof))
        );
        assertFalse(success, "a forged proof passed");
    }

    function _notKept(TradeId keptFor) private view returns (bytes memory) {
        return abi.encodeWithSelector(ITitleFacts.TitleFacts_NotKept.selector, titles, TOKEN, keptFor);
    }

    function _notInEscrow(address owner) private view returns (bytes memory) {
        return abi.encodeWithSelector(ITitleFacts.TitleFacts_NotInEscrow.selector, titles, TOKEN, owner);
    }

    function _notItsEscrow(address registry_, uint256 tokenId) private view returns (bytes memory) {
        return abi.encodeWithSelector(ITitleFacts.TitleFacts_NotItsEscrow.selector, escrowOfTitle, registry_, tokenId);
    }

    function _rejectable(address beneficiary, address holder) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITitleFacts.TitleFacts_StillRejectable.selector, beneficiary, holder);
    }
}
