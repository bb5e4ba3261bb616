// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IClearingHouse} from "../../../../contracts/finance/clearing/IClearingHouse.sol";
import {IStablecoin} from "../../../../contracts/finance/coin/IStablecoin.sol";
import {ClearingTest} from "../../../support/ClearingTest.sol";
import {vm} from "../../../support/Test.sol";

contract ClearingHouseCloseTest is ClearingTest {
    // -------------------------------------------------------------------------------------------- who and when

    function test_close_byAnyone_onlyWhenTheCycleIsTooOld() public {
        vm.warp(NOW + 1 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, stranger));
        vm.prank(stranger);
        house.close();
        vm.warp(NOW + 1 days);
        vm.prank(stranger);
        house.close();
        assertEq(house.openCycle(), 2);
    }

    function test_close_tooYoung_reverts() public {
        (uint32 minimum, uint32 maximum) = house.cycleAges();
        assertEq(minimum, 10);
        assertEq(maximum, 1 days);
        vm.warp(NOW + 9);
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_CycleTooYoung.selector, 1, NOW + 10));
        vm.prank(clearingAgent);
        house.close();
        vm.warp(NOW + 10);
        vm.prank(clearingAgent);
        house.close();
    }

    function test_close_nothing_finishesAtOnce_succeeds() public {
        vm.warp(NOW + 60);
        vm.expectEmit(address(house));
        emit IClearingHouse.CycleClosed(1, 0, 0);
        vm.expectEmit(address(house));
        emit IClearingHouse.CycleFinished(1);
        vm.prank(clearingAgent);
        house.close();
    }

    /// @dev Otherwise it could never be closed, and nothing would be settled any more. Slots are warm here: what they cost when
    /// they are not is added.
    function test_close_theLargestCycle_fitsIntoATransaction() public {
        bytes3[4] memory all = [CNY, USD, bytes3("EUR"), "GBP"];
        for (uint256 i = 2; i < 4; ++i) {
            IStablecoin coin = _newCoin("Coin", "COIN", all[i]);
            vm.prank(operator);
            house.listCurrency(all[i], coin);
        }
        for (uint16 member = MEMBERS + 1; member <= 129; ++member) _newMember(vm.toString(member));
        for (uint256 i = 0; i < 4; ++i) {
            for (uint16 member = 2; member <= 128; ++member) _book(_leg(AGENT, member, all[i], 1_234_567));
        }
        vm.expectRevert(abi.encodeWithSelector(IClearingHouse.ClearingHouse_UnknownMember.selector, 129));
        _book(_leg(AGENT, 129, CNY, 1));

        vm.warp(NOW + 60);
        uint256 before = gasleft();
        vm.prank(clearingAgent);
        house.close();
        // What coverage puts into the code is about a tenth more.
        assertLt(before - gasleft() + 21_000 + 4 * 128 * 4_200, (uint256(2 ** 24) * 11) / 10);
    }

    // ------------------------------------------------------------------------------------------------- rounding

    function test_close_roundsPayInsUpAndPayOutsDown_succeeds() public {
        _book(A, B, 12_345_678); // 12.345678
        (uint32 cycle, ) = _close();
        IClearingHouse.Position memory debtor = house.position(cycle, A, CNY);
        IClearingHouse.Position memory creditor = house.position(cycle, B, CNY);
        assertEq(int256(debtor.instructed), -1_235, "pay-in");
        assertEq(int256(creditor.instructed), 1_234, "pay-out");
        assertEq(house.position(2, A, CNY).carried, 4_322);
        assertEq(house.position(2, B, CNY).carried, 5_678);
        assertEq(house.exposure(A, CNY), 12_350_000);
        assertEq(house.cycle(cycle).pending, 2);
    }

    function test_close_lessThanAHundredth_isCarriedAndNotInstructed_succeeds() public {
        _book(A, B, 9_999);
        _book(B, A, 9_998);
        (uint32 cycle, ) = _close();
        _assertPosition(cycle, B, CNY, 1, IClearingHouse.State.Cleared);
        _assertPosition(cycle, A, CNY, -1, IClearingHouse.State.Netted);
        assertEq(house.cycle(cycle).pending, 1);
        vm.expectRevert(_wrongPosition(cycle, B, CNY, IClearingHouse.State.Cleared));
        _instruct(cycle, B, CNY);

        _book(A, B, 10_001);
        (cycle, ) = _close();
        assertEq(int256(house.position(cycle, B, CNY).instructed), 1, "0.010002");
        assertEq(house.position(3, B, CNY).carried, 2);
    }

    function test_close_exposureStaysWithinTheCapThoughRoundedUp_succeeds() public {
        _book(A, B, uint256(CAP) - 1);
        _close();
        assertEq(house.exposure(A, CNY), CAP);
    }

    function testFuzz_close_poolHoldsWhatIsCarried_succeeds(uint256 seed) public {
        int256 pool = 0;
        for (uint256 round = 0; round < 3; ++round) {
            for (uint256 i = 0; i < 8; ++i) {
                seed = uint256(keccak256(abi.encode(seed)));
                uint16 debtor = uint16(1 + (seed % MEMBERS));
                uint16 creditor = uint16(1 + ((seed >> 16) % MEMBERS));
                vm.prank(product);
                try house.book(_leg(debtor, creditor, CNY, 1 + ((seed >> 32) % 20e6))) {} catch {}
            }
            (uint32 cycle, ) = _close();
            uint256 carried = 0;
            int256 nets = 0;
            for (uint16 member = 1; member <= MEMBERS; ++member) {
                IClearingHouse.Position memory found = house.position(cycle, member, CNY);
                pool -= found.instructed;
                nets += found.net;
                assertLt(house.position(cycle + 1, member, CNY).carried, 10_000);
                carried += house.position(cycle + 1, member, CNY).carried;
                if (found.state == IClearingHouse.State.Netted) {
                    _instruct(cycle, member, CNY);
                    _confirm(cycle, member, CNY);
                }
            }
            assertEq(nets, 0, "nets");
            assertGe(uint256(pool), 0, "pool");
            assertEq(uint256(pool) * 10_000, carried, "what the pool account holds");
        }
    }

    // ------------------------------------------------------------------------------------------------ the root

    function test_close_rootOverEveryPosition_succeeds() public {
        _book(A, B, 5 * UNIT);
        _book(_leg(C, A, USD, UNIT));
        (uint32 cycle, bytes32 root) = _close();
        bytes32[] memory leaves = new bytes32[](4);
        leaves[0] = house.positionLeaf(cycle, A, CNY);
        leaves[1] = house.positionLeaf(cycle, B, CNY);
        leaves[2] = house.positionLeaf(cycle, A, USD);
        leaves[3] = house.positionLeaf(cycle, C, USD);
        bytes32 left = Hashes.commutativeKeccak256(leaves[0], leaves[1]);
        bytes32 right = Hashes.commutativeKeccak256(leaves[2], leaves[3]);
        assertEq(root, Hashes.commutativeKeccak256(left, right));
        assertEq(house.cycle(cycle).root, root);

        bytes32[] memory proof = new bytes32[](2);
        (proof[0], proof[1]) = (leaves[3], left);
        assertTrue(MerkleProof.verify(proof, root, leaves[2]), "a member's own position");
        assertFalse(MerkleProof.verify(proof, root, leaves[1]), "somebody else's");
    }

    function test_close_innerNodeIsNoPosition_succeeds() public {
        _book(A, B, 5 * UNIT);
        _book(C, D, 5 * UNIT);
        (uint32 cycle, bytes32 root) = _close();
        bytes32 left = Hashes.commutativeKeccak256(
            house.positionLeaf(cycle, A, CNY),
            house.positionLeaf(cycle, B, CNY)
        );
        bytes32[] memory proof = new bytes32[](1);
        proof[0] = Hashes.commutativeKeccak256(house.positionLeaf(cycle, C, CNY), house.positionLeaf(cycle, D, CNY));
        assertTrue(MerkleProof.verify(proof, root, left), "the node is under the root");
        // The text of a leaf is hashed twice, that of a node once: what hashes to the node is 64 bytes, not a hash of a position.
        for (uint16 member = A; member <= D; ++member) {
            assertNotEq(house.positionLeaf(cycle, member, CNY), left);
        }
        assertNotEq(left, keccak256(abi.encode(left)));
    }

    function test_positionLeaf_isThePublishedFormula_succeeds() public {
        _book(A, B, 5 * UNIT + 1);
        (uint32 cycle, ) = _close();
        bytes32 inner = keccak256(
            abi.encode(block.chainid, house, cycle, A, CNY, -int256(5 * UNIT + 1), uint256(0), -int256(501))
        );
        assertEq(house.positionLeaf(cycle, A, CNY), keccak256(abi.encode(inner)));
    }

    function test_positionLeaf_ofWhatIsNotCommitted_reverts() public {
        _book(A, B, UNIT);
        vm.expectRevert(_wrongPosition(1, A, CNY, IClearingHouse.State.Provisional));
        house.positionLeaf(1, A, CNY);
        (uint32 cycle, ) = _close();
        vm.expectRevert(_wrongPosition(cycle, C, CNY, IClearingHouse.State.Unknown));
        house.positionLeaf(cycle, C, CNY);
    }

    function test_close_laterBookingsLeaveTheRootAlone_succeeds() public {
        _book(A, B, 5 * UNIT + 7);
        (uint32 cycle, bytes32 root) = _close();
        bytes32 leaf = house.positionLeaf(cycle, A, CNY);
        _book(B, A, 3 * UNIT);
        _instruct(cycle, B, CNY);
        _reject(cycle, B, CNY);
        assertEq(house.positionLeaf(cycle, A, CNY), leaf);
        assertEq(house.cycle(cycle).root, root);
        _assertPosition(cycle, A, CNY, -int256(5 * UNIT + 7), IClearingHouse.State.Netted);
    }
}
