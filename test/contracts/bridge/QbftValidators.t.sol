// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";

import {IQbftHeaders} from "../../../contracts/bridge/IQbftHeaders.sol";
import {QbftBlocks} from "../../../contracts/bridge/QbftBlocks.sol";
import {QbftHeaders} from "../../../contracts/bridge/QbftHeaders.sol";
import {Seals} from "../../../contracts/bridge/Seals.sol";
import {ValidatorSets} from "../../../contracts/bridge/ValidatorSets.sol";
import {QbftChain} from "../../support/QbftChain.sol";
import {vm} from "../../support/Test.sol";
import {QbftTest} from "./QbftTest.sol";

/// @notice Who is trusted, for how long, and how that changes.
contract QbftValidatorsTest is QbftTest {
    using QbftChain for QbftChain.Spec;

    // ---------------------------------------------------------------------------------------------- constructor

    function test_constructor_validators_succeeds() public {
        vm.expectEmit();
        emit IQbftHeaders.ValidatorsChanged(QbftChain.addresses(keys), 3);
        QbftHeaders deployed = _newVerifier(keys);
        assertEq(deployed.validators(), QbftChain.addresses(keys));
        assertEq(deployed.trustingPeriod(), PERIOD);
        _assertConfirmation(deployed, 0, START);
    }

    function test_constructor_noValidators_reverts() public {
        vm.expectRevert(ValidatorSets.ValidatorSets_Empty.selector);
        _newVerifier(new uint256[](0));
    }

    function test_constructor_unsortedValidators_reverts() public {
        (keys[0], keys[1]) = (keys[1], keys[0]);
        vm.expectRevert(
            abi.encodeWithSelector(
                ValidatorSets.ValidatorSets_NotAscending.selector,
                vm.addr(keys[0]),
                vm.addr(keys[1])
            )
        );
        _newVerifier(keys);
    }

    /// @dev A period that overflowed would make every call panic.
    function test_constructor_noPeriodOrTooLong_reverts() public {
        uint256[2] memory periods = [uint256(0), 1 << 64];
        for (uint256 i = 0; i < periods.length; ++i) {
            vm.expectRevert(abi.encodeWithSelector(IQbftHeaders.QbftHeaders_InvalidPeriod.selector, periods[i]));
            new QbftHeaders(address(authority), REMOTE_CHAIN_ID, QbftChain.addresses(keys), periods[i]);
        }
    }

    // ----------------------------------------------------------------------------------- confirming the same set

    function test_confirmValidators_unchangedSet_succeeds() public {
        vm.warp(START + PERIOD);
        vm.expectEmit(address(qbft));
        emit IQbftHeaders.ValidatorsConfirmed(NUMBER, START + PERIOD);
        vm.prank(stranger);
        _confirm(_block(NUMBER));
        _assertConfirmation(qbft, NUMBER, START + PERIOD);
        vm.warp(START + 2 * PERIOD);
        _assertVerifies(_block(NUMBER + 1));
    }

    /// @dev What counts is when the block was made, not when somebody brought it.
    function test_confirmValidators_olderBlock_trustedFromItsTimeOn() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        spec.timestamp = START + 1 days;
        vm.warp(START + PERIOD);
        _confirm(spec);
        _assertConfirmation(qbft, NUMBER, START + 1 days);
        vm.warp(START + 1 days + PERIOD + 1);
        _assertExpired(START + 1 days + PERIOD);
    }

    /// @dev Nor does a block from the future put off the day.
    function test_confirmValidators_blockFromTheFuture_trustedFromNowOn() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        spec.timestamp = type(uint64).max;
        _confirm(spec);
        _assertConfirmation(qbft, NUMBER, START);
    }

    function test_confirmValidators_notNewer_reverts() public {
        _confirm(_block(NUMBER));
        QbftChain.Spec memory same = _block(NUMBER);
        _assertNotConfirmed(same, _notNewer(same));
        QbftChain.Spec memory lower = _block(NUMBER - 1);
        _assertNotConfirmed(lower, _notNewer(lower));
        QbftChain.Spec memory earlier = _block(NUMBER + 1);
        earlier.timestamp = START - 1;
        _assertNotConfirmed(earlier, _notNewer(earlier));
    }

    function test_confirmValidators_noQuorum_reverts() public {
        QbftChain.Spec memory spec = _block(NUMBER);
        _assertReverts(
            address(qbft),
            abi.encodeCall(QbftHeaders.confirmValidators, (spec.signed(), spec.seal(0, 2))),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 2, 3)
        );
    }

    // --------------------------------------------------------------------------------------------------- expiry

    function test_verify_atTheEndOfThePeriod_succeeds() public {
        vm.warp(START + PERIOD);
        _assertVerifies(_block(NUMBER));
    }

    function test_verify_afterThePeriod_reverts() public {
        vm.warp(START + PERIOD + 1);
        _assertExpired(START + PERIOD);
    }

    /// @dev Nobody whose keys are that old has a say any more, whatever they seal.
    function test_confirmValidators_afterThePeriod_reverts() public {
        vm.warp(START + PERIOD + 1);
        _assertNotConfirmed(
            _block(NUMBER),
            abi.encodeWithSelector(IQbftHeaders.QbftHeaders_ValidatorsExpired.selector, START + PERIOD)
        );
        _setValidators(keys);
        _assertVerifies(_block(NUMBER));
    }

    // ------------------------------------------------------------------------------------------ changing the set

    function test_confirmValidators_oneAdded_succeeds() public {
        uint256[] memory five = QbftChain.keys(0, 5);
        QbftChain.Spec memory spec = QbftChain.spec(NUMBER, five);
        vm.expectEmit(address(qbft));
        emit IQbftHeaders.ValidatorsChanged(QbftChain.addresses(five), 4);
        _confirm(spec);
        assertEq(qbft.validators(), QbftChain.addresses(five));
        _assertConfirmation(qbft, NUMBER, START);
        _assertVerifies(QbftChain.spec(NUMBER + 1, five));
    }

    /// @dev A removed validator has no say, not even beside a quorum.
    function test_confirmValidators_oneRemoved_succeeds() public {
        uint256[] memory three = _without(keys, 1);
        _confirm(QbftChain.spec(NUMBER, three));
        assertEq(qbft.validators(), QbftChain.addresses(three));
        QbftChain.Spec memory next = QbftChain.spec(NUMBER + 1, three);
        bytes memory seal;
        for (uint256 i = 0; i < 4; ++i) {
            seal = bytes.concat(seal, QbftChain.sign(keys[i], keccak256(next.signed())));
        }
        _assertNotVerified(
            next.signed(),
            seal,
            abi.encodeWithSelector(Seals.Seals_UnknownValidator.selector, vm.addr(keys[1]))
        );
    }

    /// @dev From three validators to thirty and back, with a quorum of the new set each time, whoever it is. Fewer need
    /// more: see QbftSmallSets.
    function test_confirmValidators_threeToThirtyAndBack_succeeds() public {
        qbft = _newVerifier(QbftChain.keys(0, 3));
        for (uint256 n = 4; n < 58; ++n) {
            uint256 count = n <= 30 ? n : 60 - n;
            QbftChain.Spec memory spec = QbftChain.spec(n, QbftChain.keys(0, count));
            uint256 quorum = qbftQuorum(count);
            bytes memory seal = n % 2 == 0 ? spec.seal(0, quorum) : spec.seal(count - quorum, count);
            qbft.confirmValidators(spec.signed(), seal);
            assertEq(qbft.quorum(), quorum);
        }
        assertEq(qbft.validators().length, 3);
    }

    function test_confirmValidators_changedSetWithoutItsQuorum_reverts() public {
        QbftChain.Spec memory spec = QbftChain.spec(NUMBER, QbftChain.keys(0, 5));
        _assertReverts(
            address(qbft),
            abi.encodeCall(QbftHeaders.confirmValidators, (spec.signed(), spec.seal(0, 3))),
            abi.encodeWithSelector(Seals.Seals_NoQuorum.selector, 3, 4)
        );
    }

    /// @dev An exchange of one for another is two changes: one validator alone could otherwise be anybody.
    function test_confirmValidators_oneExchanged_reverts() public {
        uint256[] memory exchanged = _without(QbftChain.keys(0, 5), _indexOf(QbftChain.keys(0, 5), keys[0]));
        _assertNotConfirmed(
            QbftChain.spec(NUMBER, exchanged),
            abi.encodeWithSelector(IQbftHeaders.QbftHeaders_TooManyChanges.selector, 2)
        );
        _confirm(QbftChain.spec(NUMBER, QbftChain.keys(0, 5)));
        _confirm(QbftChain.spec(NUMBER + 1, exchanged));
        assertEq(qbft.validators(), QbftChain.addresses(exchanged));
    }

    function test_confirmValidators_twoAddedOrRemoved_reverts() public {
        bytes memory expected = abi.encodeWithSelector(IQbftHeaders.QbftHeaders_TooManyChanges.selector, 2);
        _assertNotConfirmed(QbftChain.spec(NUMBER, QbftChain.keys(0, 6)), expected);
        _assertNotConfirmed(QbftChain.spec(NUMBER, _without(_without(keys, 0), 0)), expected);
    }

    /// @dev One trusted key and a list of the attacker's own is not enough, nor is a list of strangers.
    function test_confirmValidators_strangersList_reverts() public {
        uint256[] memory strangers = QbftChain.keys(100, 3);
        _assertNotConfirmed(
            QbftChain.spec(NUMBER, strangers),
            abi.encodeWithSelector(IQbftHeaders.QbftHeaders_TooManyChanges.selector, 7)
        );
    }

    /// @dev A set of one can only shrink to a list that is empty, which names no set at all.
    function test_confirmValidators_shrunkToNothing_reverts() public {
        qbft = _newVerifier(QbftChain.keys(0, 1));
        QbftChain.Spec memory spec = QbftChain.spec(NUMBER, new uint256[](0));
        _assertNotConfirmed(spec, abi.encodeWithSelector(QbftBlocks.QbftBlocks_ContractMode.selector));
    }

    // ---------------------------------------------------------------------------------------- former sets

    /// @dev The set changes and changes back. A block from between does not bring the set of between back.
    function test_confirmValidators_formerSetReplayed_reverts() public {
        QbftChain.Spec memory between = QbftChain.spec(NUMBER, QbftChain.keys(0, 5));
        _confirm(between);
        QbftChain.Spec memory later = QbftChain.spec(NUMBER + 50, QbftChain.keys(0, 5));
        _confirm(_block(NUMBER + 100));
        _assertNotConfirmed(between, _notNewer(between));
        _assertNotConfirmed(later, _notNewer(later));
        assertEq(qbft.validators(), QbftChain.addresses(keys));
    }

    /// @dev A confirmation counts like a change: what lies before it is past, also for changes that nobody had shown.
    function test_confirmValidators_changeBeforeAConfirmation_reverts() public {
        _confirm(_block(NUMBER + 100));
        QbftChain.Spec memory unseen = QbftChain.spec(NUMBER, QbftChain.keys(0, 5));
        _assertNotConfirmed(unseen, _notNewer(unseen));
    }

    /// @dev Nor does a block from before the deployment, or before VALIDATOR_ADMIN named the set.
    function test_confirmValidators_blockBeforeTheSetWasNamed_reverts() public {
        QbftChain.Spec memory old = QbftChain.spec(NUMBER, QbftChain.keys(0, 5));
        old.timestamp = START - 1;
        _assertNotConfirmed(old, _notNewer(old));
        old.timestamp = START;
        _setValidators(keys);
        _assertNotConfirmed(old, _notNewer(old));
    }

    // -------------------------------------------------------------------------------------------- setValidators

    function test_setValidators_afterDelay_succeeds() public {
        uint256[] memory others = QbftChain.keys(50, 7);
        _confirm(_block(NUMBER));
        _setValidators(others);
        assertEq(qbft.validators(), QbftChain.addresses(others));
        assertEq(qbft.quorum(), 5);
        _assertConfirmation(qbft, 0, START + VALIDATOR_DELAY);
        _assertVerifies(QbftChain.spec(1, others));
        _confirm(QbftChain.spec(1, others));
    }

    function test_setValidators_withoutSchedule_reverts() public {
        bytes memory data = abi.encodeCall(QbftHeaders.setValidators, (QbftChain.addresses(keys)));
        _assertRevertsFrom(
            validatorAdmin,
            address(qbft),
            data,
            abi.encodeWithSelector(
                IAccessManager.AccessManagerNotScheduled.selector,
                authority.hashOperation(validatorAdmin, address(qbft), data)
            )
        );
    }

    function test_setValidators_byOthers_reverts() public {
        address[3] memory others = [stranger, operator, guardian];
        for (uint256 i = 0; i < others.length; ++i) {
            _assertRevertsFrom(
                others[i],
                address(qbft),
                abi.encodeCall(QbftHeaders.setValidators, (QbftChain.addresses(keys))),
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, others[i])
            );
        }
    }

    function test_setValidators_noValidators_reverts() public {
        bytes memory data = abi.encodeCall(QbftHeaders.setValidators, (new address[](0)));
        vm.prank(validatorAdmin);
        authority.schedule(address(qbft), data, 0);
        vm.warp(block.timestamp + VALIDATOR_DELAY);
        _assertRevertsFrom(
            validatorAdmin,
            address(authority),
            abi.encodeCall(authority.execute, (address(qbft), data)),
            abi.encodeWithSelector(ValidatorSets.ValidatorSets_Empty.selector)
        );
    }

    // ---------------------------------------------------------------------------------------------- any changes

    /// @dev Whatever one block more says, the set changes by one member at most, and only with a quorum of the new one.
    function testFuzz_confirmValidators_anySet_changesByOne(uint256 first, uint256 count, uint256 signers) public {
        count = bound(count, 1, 7);
        QbftChain.Spec memory spec = QbftChain.spec(NUMBER, QbftChain.keys(bound(first, 0, 3), count));
        signers = bound(signers, 0, count);
        address[] memory former = qbft.validators();
        uint256 changes = former.length + count - 2 * _shared(former, QbftChain.addresses(spec.keys));

        (bool success, bytes memory returned) = address(qbft).call(
            abi.encodeCall(QbftHeaders.confirmValidators, (spec.signed(), spec.seal(0, signers)))
        );
        assertEq(success, changes < 2 && signers >= qbftQuorum(count));
        assertEq(qbft.validators(), success ? QbftChain.addresses(spec.keys) : former);
        if (!success) _assertNamed(returned);
    }

    // ------------------------------------------------------------------------------------------------- internal

    function qbftQuorum(uint256 count) internal pure returns (uint256) {
        return (2 * count) / 3 + ((2 * count) % 3 == 0 ? 0 : 1);
    }

    function _setValidators(uint256[] memory validatorKeys) private {
        _afterDelay(address(qbft), abi.encodeCall(QbftHeaders.setValidators, (QbftChain.addresses(validatorKeys))));
    }

    function _assertVerifies(QbftChain.Spec memory spec) private view {
        assertEq(qbft.verify(spec.signed(), spec.quorumSeal()).blockHash, spec.blockHash());
    }

    function _assertExpired(uint256 expiry) private {
        QbftChain.Spec memory spec = _block(NUMBER + 1);
        _assertNotVerified(
            spec.signed(),
            spec.quorumSeal(),
            abi.encodeWithSelector(IQbftHeaders.QbftHeaders_ValidatorsExpired.selector, expiry)
        );
    }

    function _assertConfirmation(QbftHeaders verifier, uint256 number, uint256 confirmedAt) private view {
        (uint256 atNumber, uint256 atTime) = verifier.confirmation();
        assertEq(atNumber, number);
        assertEq(atTime, confirmedAt);
    }

    function _notNewer(QbftChain.Spec memory spec) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IQbftHeaders.QbftHeaders_HeaderNotNewer.selector, spec.number, spec.timestamp);
    }

    function _without(uint256[] memory all, uint256 index) private pure returns (uint256[] memory rest) {
        rest = new uint256[](all.length - 1);
        for (uint256 i = 0; i < rest.length; ++i) rest[i] = all[i < index ? i : i + 1];
    }

    function _indexOf(uint256[] memory all, uint256 key) private pure returns (uint256 index) {
        while (all[index] != key) ++index;
    }

    function _shared(address[] memory one, address[] memory other) private pure returns (uint256 count) {
        for (uint256 i = 0; i < one.length; ++i) {
            for (uint256 j = 0; j < other.length; ++j) if (one[i] == other[j]) ++count;
        }
    }
}
