// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {Vm, vm} from "../support/Test.sol";
import {TitleTest} from "../support/TitleTest.sol";

/// @notice Anybody does anything with three titles, at any time. After each call it is checked what became of each of them; what is
/// checked follows from {ITitleRegistry} alone, and not from how the registry decides.
contract TitlesHandler is TitleTest {
    uint256 internal constant TITLES = 3;
    bytes32 private constant RECORDED = keccak256(
        "TitleRecorded(bytes32,uint32,uint8,address,address,address,uint40,bytes32)"
    );

    mapping(bytes32 path => uint256) public times;
    bytes32[] private _ids;
    /// @dev What each title was before a call, and to whom its lender was.
    ITitleRegistry.Title[] private _before;
    address[] private _lenders;
    address[] private _locks;
    uint40 private _now = NOW;
    uint256 private _block = 1;
    uint256 private _hashes;

    /// @dev Time and height go only as this contract lets them.
    modifier watched() {
        vm.warp(_now);
        vm.roll(_block);
        delete _before;
        delete _lenders;
        delete _locks;
        for (uint256 i = 0; i < _ids.length; ++i) {
            _before.push(titles.title(_ids[i]));
            _lenders.push(titles.pledgeOf(_ids[i]).lender);
            _locks.push(titles.lockedBy(_ids[i]));
        }
        vm.recordLogs();
        _;
    }

    function setUp() public override {
        super.setUp();
        address[5] memory all = _people();
        for (uint256 i = 0; i < all.length; ++i) {
            for (uint256 j = 0; j < all.length; ++j) if ((i + j) % 3 != 0) _takesFrom(all[i], all[j]);
        }
        _setAgent(seller, trader);
        for (uint256 i = 0; i < TITLES; ++i) _ids.push(_newHash());
    }

    // ------------------------------------------------------------------------------------ what the runner calls

    function issue(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        ITitleRegistry.Form form = ITitleRegistry.Form(more % 3);
        address owner = form == ITitleRegistry.Form.Blank ? address(0) : _person(more >> 8);
        address holder = form == ITitleRegistry.Form.ToOrder ? owner : _person(more >> 16);
        _call(carrier, abi.encodeCall(titles.issue, (_issuance(titleId, holder, owner, form))), "issue");
    }

    function transfer(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        address to = _person(more >> 8);
        ITitleRegistry.Form form = ITitleRegistry.Form(1 + ((more >> 16) % 2));
        if (more % 3 == 0) _call(_by(titleId, more), abi.encodeCall(titles.transferControl, (titleId, to)), "transfer");
        if (more % 3 == 1) {
            to = form == ITitleRegistry.Form.Blank ? address(0) : to;
            _call(_by(titleId, more), abi.encodeCall(titles.endorse, (titleId, to, form)), "endorse");
        }
        if (more % 3 == 2) {
            _call(_by(titleId, more), abi.encodeCall(titles.endorseAndTransfer, (titleId, to, form)), "both");
        }
    }

    function offer(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        ITitleRegistry.Offer memory terms = ITitleRegistry.Offer(
            _person(more >> 8),
            ITitleRegistry.Gives(more % 4),
            ITitleRegistry.Form(1 + ((more >> 32) % 2)),
            _now + uint40((more >> 40) % 2 days),
            _now + uint40((more >> 64) % 3 days)
        );
        _call(_by(titleId, more), abi.encodeCall(titles.offer, (titleId, terms)), "offer");
    }

    function answer(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        ITitleRegistry.Offer memory open = titles.offerOf(titleId);
        address by = more % 5 == 0 ? _person(more >> 8) : open.recipient;
        if (by == address(0)) by = trader;
        if (more % 4 < 2) _call(by, abi.encodeCall(titles.accept, (titleId, open)), "accept");
        else if (more % 4 == 2) _call(by, abi.encodeCall(titles.decline, (titleId)), "decline");
        else _call(_by(titleId, more), abi.encodeCall(titles.withdraw, (titleId)), "withdraw");
    }

    function surrender(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        ITitleRegistry.Purpose purpose = ITitleRegistry.Purpose(more % 3);
        _call(_by(titleId, more), abi.encodeCall(titles.surrender, (titleId, purpose, 0)), "surrender");
    }

    function conclude(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        address by = more % 8 == 0 ? _person(more >> 8) : carrier;
        uint256 choice = (more >> 16) % 8;
        if (choice > 3) _call(by, abi.encodeCall(titles.rejectSurrender, (titleId, 0)), "reject");
        else if (choice == 0) _call(by, abi.encodeCall(titles.acceptForDelivery, (titleId)), "deliver");
        else if (choice == 1) _call(by, abi.encodeCall(titles.acceptForAmendment, (titleId, _newHash())), "amend");
        else if (choice == 2) _call(by, abi.encodeCall(titles.acceptAsVoid, (titleId)), "void");
        else _call(by, abi.encodeCall(titles.acceptForPaper, (titleId, _newHash())), "paper");
    }

    function pledge(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        address lender = titles.pledgeOf(titleId).lender;
        address by = more % 4 == 0 || lender == address(0) ? _person(more >> 8) : lender;
        uint256 choice = (more >> 16) % 4;
        uint40 from = _now + uint40((more >> 40) % 3 days);
        if (choice < 2) {
            bytes memory data = abi.encodeCall(titles.pledge, (titleId, _person(more >> 24), from));
            _call(_by(titleId, more), data, "pledge");
        } else if (choice == 2) {
            _call(by, abi.encodeCall(titles.releasePledge, (titleId)), "release");
        } else {
            _call(by, abi.encodeCall(titles.enforcePledge, (titleId)), "enforce");
        }
    }

    function lock(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        address by = more % 8 == 0 ? _person(more >> 8) : product;
        uint256 choice = (more >> 16) % 4;
        address holder = titles.title(titleId).holder;
        if (choice < 2) _call(by, abi.encodeCall(titles.lock, (titleId, holder)), "lock");
        else if (choice == 2) _call(by, abi.encodeCall(titles.unlock, (titleId)), "unlock");
        else _call(by, abi.encodeCall(titles.deliverLocked, (titleId, _person(more >> 24))), "deliverLocked");
    }

    function freeze(uint256 index, uint256 more) external watched {
        bytes32 titleId = _id(index);
        address by = more % 8 == 0 ? _person(more >> 8) : compliance;
        if ((more >> 16) % 4 == 0) _call(by, abi.encodeCall(titles.freeze, (titleId, ORDER)), "freeze");
        else _call(by, abi.encodeCall(titles.unfreeze, (titleId, ORDER)), "unfreeze");
    }

    function disturb(uint256 more) external {
        address account = _person(more >> 8);
        if (!participants.isActive(account)) _reinstate(account);
        else if (more % 4 == 0) _suspend(account);
    }

    function wait(uint256 more) external {
        _now += uint40(more % 1 days);
        _block += 1 + (more % 100);
        vm.warp(_now);
        vm.roll(_block);
    }

    // --------------------------------------------------------------------------------------------- what must hold

    /// @dev Every title that ever was has a holder and an owner as its form says, and its chain leads back to its issue.
    function assertWhole() external view {
        for (uint256 i = 0; i < _ids.length; ++i) {
            ITitleRegistry.Title memory found = titles.title(_ids[i]);
            bool known = found.status != ITitleRegistry.Status.Unknown;
            assertEq(found.holder != address(0), known, "one holder");
            assertEq(found.issuer != address(0), known, "one issuer");
            assertEq(found.entries > 0, known, "an entry for its issue");
            bool blank = titles.formOf(_ids[i]) == ITitleRegistry.Form.Blank;
            if (known) assertEq(found.owner == address(0), blank, "an owner unless in blank");
            assertEq(titles.pledgeOf(_ids[i]).lender != address(0), found.pledged, "a pledge has a lender");
            bool locked = found.status == ITitleRegistry.Status.Locked;
            assertEq(titles.lockedBy(_ids[i]) != address(0), locked, "a lock has a product");
            if (known) assertEq(claims.titleClaimOn(_ids[i]).claimant, address(titles), "claimed for good");
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _call(address by, bytes memory data, bytes32 path) private {
        uint256 known = _ids.length;
        bool active = participants.isActive(by) || by == product || by == compliance;
        vm.prank(by);
        (bool succeeded, ) = address(titles).call(data);
        ++times[succeeded ? path : keccak256(abi.encode(path, "refused"))];
        assertTrue(active || !succeeded, "an act of somebody suspended");
        _checkEntries(vm.getRecordedLogs());
        for (uint256 i = 0; i < known; ++i) _checkStep(i, path);
    }

    /// @dev What the call logged counts on from what was there, title by title.
    function _checkEntries(Vm.Log[] memory logs) private {
        uint256 known = _ids.length;
        uint256[] memory count = new uint256[](known);
        uint40[] memory last = new uint40[](known);
        for (uint256 i = 0; i < known; ++i) (count[i], last[i]) = (_before[i].entries, _before[i].lastBlock);
        for (uint256 i = 0; i < logs.length; ++i) {
            if (logs[i].topics[0] != RECORDED) continue;
            uint256 place = 0;
            while (place < known && _ids[place] != logs[i].topics[1]) ++place;
            if (place == known) {
                _checkAmended(logs[i]);
                continue;
            }
            (uint32 entry, , , , , uint40 previousBlock, ) = abi.decode(
                logs[i].data,
                (uint32, uint8, address, address, address, uint40, bytes32)
            );
            assertEq(entry, ++count[place], "entries count on");
            assertEq(previousBlock, last[place], "entries link");
            last[place] = uint40(_block);
        }
        for (uint256 i = 0; i < known; ++i) {
            assertEq(titles.title(_ids[i]).entries, count[i], "as many as were logged");
            assertEq(titles.title(_ids[i]).lastBlock, last[i], "the newest");
        }
    }

    /// @dev The first entry of a title that took another's place, which is watched from now on.
    function _checkAmended(Vm.Log memory log) private {
        (uint32 entry, uint8 action, , , , uint40 previousBlock, ) = abi.decode(
            log.data,
            (uint32, uint8, address, address, address, uint40, bytes32)
        );
        if (entry == 1) {
            assertEq(action, uint256(ITitleRegistry.Action.Issue));
            assertEq(previousBlock, 0);
        } else {
            assertEq(entry, 2);
            assertEq(action, uint256(ITitleRegistry.Action.IssuedForAmended));
            assertEq(previousBlock, _block);
            _ids.push(log.topics[1]);
        }
    }

    function _checkStep(uint256 i, bytes32 path) private {
        ITitleRegistry.Title memory was = _before[i];
        ITitleRegistry.Title memory found = titles.title(_ids[i]);
        bool moved = was.holder != found.holder || was.owner != found.owner;
        assertTrue(was.issuer == address(0) || was.issuer == found.issuer, "the issuer stays");
        assertTrue(was.status == found.status || _mayWalk(was.status, found.status), "an edge that is none");
        if (was.status != found.status) ++times[keccak256(abi.encode(was.status, found.status))];
        if (was.status >= ITitleRegistry.Status.Delivered) {
            assertEq(keccak256(abi.encode(was)), keccak256(abi.encode(found)), "the end is the end");
        }
        if (was.frozen) {
            assertFalse(moved, "a frozen title moved");
            assertTrue(was.status == found.status || path == "unlock", "a frozen title went on");
        }
        if (was.pledged) {
            assertTrue(!moved || (path == "enforce" && found.holder == _lenders[i]), "a pledged title moved");
            assertEq(uint256(was.status), uint256(found.status), "a pledged title went on");
        }
        if (was.status == ITitleRegistry.Status.Locked) {
            assertTrue(!moved || path == "deliverLocked", "a locked title moved");
            assertEq(_locks[i], product);
        }
        if (was.status > ITitleRegistry.Status.Locked) assertFalse(moved, "a surrendered title moved");
        if (moved && was.status != ITitleRegistry.Status.Unknown) ++times["moved"];
    }

    function _mayWalk(ITitleRegistry.Status from, ITitleRegistry.Status to) private pure returns (bool) {
        if (from == ITitleRegistry.Status.Unknown) return to == ITitleRegistry.Status.Active;
        if (from == ITitleRegistry.Status.Active) {
            return to >= ITitleRegistry.Status.Locked && to <= ITitleRegistry.Status.SurrenderedForPaper;
        }
        if (from >= ITitleRegistry.Status.Delivered) return false;
        if (to == ITitleRegistry.Status.Active) return true;
        if (from == ITitleRegistry.Status.SurrenderedForDelivery) return to == ITitleRegistry.Status.Delivered;
        if (from == ITitleRegistry.Status.SurrenderedForPaper) return to == ITitleRegistry.Status.Paper;
        return
            from == ITitleRegistry.Status.SurrenderedForAmendment &&
            (to == ITitleRegistry.Status.Amended || to == ITitleRegistry.Status.Void);
    }

    /// @dev Mostly the holder, sometimes its agent, sometimes anybody.
    function _by(bytes32 titleId, uint256 more) private view returns (address) {
        address holder = titles.title(titleId).holder;
        uint256 choice = (more >> 128) % 8;
        if (holder == address(0) || choice == 0) return _person(more >> 136);
        return choice == 1 && holder == seller ? trader : holder;
    }

    /// @dev The newest title in a third of all calls, for those that end make room for no other.
    function _id(uint256 index) private view returns (bytes32) {
        return _ids[index % 3 == 0 ? _ids.length - 1 : (index >> 8) % _ids.length];
    }

    function _person(uint256 seed) private view returns (address) {
        return _people()[seed % 5];
    }

    function _people() private view returns (address[5] memory) {
        return [seller, buyer, bank, trader, carrier];
    }

    function _newHash() private returns (bytes32) {
        return keccak256(abi.encode("content", ++_hashes));
    }
}
