// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {Products} from "../../access/Products.sol";
import {IClaimRegistry} from "./IClaimRegistry.sol";

/// @title ClaimRegistry
/// @notice Guarantees that one thing has at most one live claim, under the current and the former key together, and that nobody but
/// its claimant ends it as long as they can act. Trusts ACCREDITOR for who may claim what, REGISTRAR for the claims of those who
/// cannot act, claimants for the fingerprints they compute, and products for titles. Whoever claims what is not theirs keeps others
/// from it, under their own name.
contract ClaimRegistry is IClaimRegistry, Products {
    uint256 private constant MAX_PAGE = 64;

    /// @param place In the list of claims with the same near fingerprint.
    struct StoredClaim {
        address claimant;
        Kind kind;
        uint40 since;
        uint16 keyId;
        uint32 place;
        bytes32 claimReference;
        bytes32 near;
    }

    IParticipants public immutable participants;

    mapping(bytes32 fingerprint => StoredClaim) private _claims;
    /// @dev Apart, so that nobody who may claim anything else can take a title's content hash.
    mapping(bytes32 contentHash => StoredClaim) private _titles;
    mapping(bytes32 near => bytes32[] fingerprints) private _near;
    /// @inheritdoc IClaimRegistry
    mapping(uint16 keyId => uint256) public liveUnder;
    /// @inheritdoc IClaimRegistry
    mapping(address account => mapping(Kind kind => bool)) public mayClaim;
    /// @inheritdoc IClaimRegistry
    uint16 public currentKey = 1;

    constructor(address initialAuthority, IParticipants participantRegistry) AccessManaged(initialAuthority) {
        participants = participantRegistry;
    }

    // ------------------------------------------------------------------------------------------------ claiming

    /// @inheritdoc IClaimRegistry
    function register(
        Kind kind,
        Fingerprints calldata thing,
        bytes32 claimReference
    ) external returns (uint256 nearDuplicates) {
        participants.requireActive(msg.sender);
        require(mayClaim[msg.sender][kind], ClaimRegistry_NotAllowed(msg.sender, kind));
        require(claimReference != 0, ClaimRegistry_EmptyReference());
        _requireKey(thing);
        require(
            thing.formerExact != 0 || liveUnder[thing.keyId - 1] == 0,
            ClaimRegistry_FormerFingerprintMissing(thing.keyId - 1)
        );
        _requireUnclaimed(_claims[thing.formerExact], thing.formerExact);

        nearDuplicates = _warn(thing.exact, thing.near) + _warn(thing.exact, thing.formerNear);
        _write(thing, msg.sender, kind, uint40(block.timestamp), claimReference); // until the year 36812
        emit ClaimRegistered(thing.exact, kind, msg.sender, claimReference);
    }

    /// @inheritdoc IClaimRegistry
    function release(bytes32 fingerprint) external {
        participants.requireActive(msg.sender);
        _requireClaimant(_claims[fingerprint], fingerprint);
        _erase(fingerprint);
        emit ClaimReleased(fingerprint, msg.sender);
    }

    /// @inheritdoc IClaimRegistry
    function move(Fingerprints calldata thing) external {
        participants.requireActive(msg.sender);
        StoredClaim memory claim = _claims[thing.formerExact];
        _requireClaimant(_claims[thing.formerExact], thing.formerExact);
        _requireKey(thing);
        require(claim.keyId != thing.keyId, ClaimRegistry_NotUnderFormerKey(thing.formerExact, claim.keyId));

        _erase(thing.formerExact);
        _write(thing, claim.claimant, claim.kind, claim.since, claim.claimReference);
        emit ClaimMoved(thing.formerExact, thing.exact);
    }

    // ------------------------------------------------------------------------------------------- administering

    /// @inheritdoc IClaimRegistry
    function setClaimant(address account, Kind kind, bool allowed) external restricted {
        require(kind != Kind.Unknown && kind != Kind.Title, ClaimRegistry_InvalidKind(kind));
        mayClaim[account][kind] = allowed;
        emit ClaimantSet(account, kind, allowed);
    }

    /// @inheritdoc IClaimRegistry
    function rotateKey() external restricted {
        uint16 former = currentKey - 1;
        require(liveUnder[former] == 0, ClaimRegistry_FormerKeyInUse(former, liveUnder[former]));
        emit KeyRotated(++currentKey);
    }

    /// @inheritdoc IClaimRegistry
    function lift(bytes32 fingerprint, bytes32 grounds) external restricted {
        address claimant = _claims[fingerprint].claimant;
        require(claimant != address(0), ClaimRegistry_NotClaimed(fingerprint));
        require(!participants.isActive(claimant), ClaimRegistry_ClaimantActive(fingerprint, claimant));
        _erase(fingerprint);
        emit ClaimLifted(fingerprint, claimant, grounds);
    }

    // ------------------------------------------------------------------------------------------------- titles

    /// @inheritdoc IClaimRegistry
    function claimTitle(bytes32 contentHash, address registry) external onlyProduct {
        require(contentHash != 0, ClaimRegistry_EmptyFingerprint());
        require(registry != address(0), ClaimRegistry_EmptyReference());
        StoredClaim storage claim = _titles[contentHash];
        bytes32 claimReference = bytes32(uint256(uint160(registry)));
        // A registry that claims for itself makes a title each time, and has to make one alone.
        if (registry != msg.sender && claim.claimant != address(0) && _referenceOf(claim) == claimReference) return;
        _requireUnclaimed(claim, contentHash);

        claim.claimant = msg.sender;
        claim.kind = Kind.Title;
        claim.since = uint40(block.timestamp); // until the year 36812
        if (registry != msg.sender) claim.claimReference = claimReference;
        emit ClaimRegistered(contentHash, Kind.Title, msg.sender, claimReference);
    }

    /// @inheritdoc IClaimRegistry
    function releaseTitle(bytes32 contentHash) external onlyProduct {
        _requireClaimant(_titles[contentHash], contentHash);
        delete _titles[contentHash];
        emit ClaimReleased(contentHash, msg.sender);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @inheritdoc IClaimRegistry
    function claimOn(bytes32 fingerprint) external view returns (Claim memory) {
        return _shown(_claims[fingerprint]);
    }

    /// @inheritdoc IClaimRegistry
    function titleClaimOn(bytes32 contentHash) external view returns (Claim memory) {
        return _shown(_titles[contentHash]);
    }

    /// @inheritdoc IClaimRegistry
    function nearOf(
        bytes32 near,
        uint256 start,
        uint256 count
    ) external view returns (NearClaim[] memory page, uint256 live) {
        require(count <= MAX_PAGE, ClaimRegistry_InvalidPage(count));
        bytes32[] storage fingerprints = _near[near];
        live = fingerprints.length;
        page = new NearClaim[](Math.min(count, Math.saturatingSub(live, start)));
        for (uint256 i = 0; i < page.length; ++i) {
            bytes32 fingerprint = fingerprints[start + i];
            page[i] = NearClaim(fingerprint, _shown(_claims[fingerprint]));
        }
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _write(
        Fingerprints calldata thing,
        address claimant,
        Kind kind,
        uint40 since,
        bytes32 claimReference
    ) private {
        _requireUnclaimed(_claims[thing.exact], thing.exact);
        bytes32[] storage others = _near[thing.near];
        _claims[thing.exact] = StoredClaim({
            claimant: claimant,
            kind: kind,
            since: since,
            keyId: thing.keyId,
            place: uint32(others.length), // nobody claims four thousand million things
            claimReference: claimReference,
            near: thing.near
        });
        if (thing.near != 0) others.push(thing.exact);
        ++liveUnder[thing.keyId];
    }

    /// @dev The last claim of the list takes the place of the one that leaves it.
    function _erase(bytes32 fingerprint) private {
        StoredClaim storage claim = _claims[fingerprint];
        --liveUnder[claim.keyId];
        if (claim.near != 0) {
            bytes32[] storage others = _near[claim.near];
            bytes32 last = others[others.length - 1];
            others[claim.place] = last;
            _claims[last].place = claim.place;
            others.pop();
        }
        delete _claims[fingerprint];
    }

    function _warn(bytes32 fingerprint, bytes32 near) private returns (uint256 live) {
        live = _near[near].length;
        if (live > 0) emit NearDuplicateFound(fingerprint, near, live);
    }

    function _requireKey(Fingerprints calldata thing) private view {
        require(thing.keyId == currentKey, ClaimRegistry_WrongKey(thing.keyId, currentKey));
        require(thing.exact != 0, ClaimRegistry_EmptyFingerprint());
    }

    function _requireUnclaimed(StoredClaim storage claim, bytes32 fingerprint) private view {
        address claimant = claim.claimant;
        if (claimant == address(0)) return; // what an error would say is read only when there is one
        revert ClaimRegistry_AlreadyClaimed(fingerprint, claimant, _referenceOf(claim));
    }

    function _requireClaimant(StoredClaim storage claim, bytes32 fingerprint) private view {
        address claimant = claim.claimant;
        require(claimant != address(0), ClaimRegistry_NotClaimed(fingerprint));
        require(claimant == msg.sender, ClaimRegistry_NotClaimant(fingerprint, msg.sender));
    }

    function _shown(StoredClaim storage claim) private view returns (Claim memory) {
        return Claim(claim.claimant, claim.kind, claim.since, _referenceOf(claim));
    }

    /// @dev A registry that claims a title for itself is its own reference, which saves it a slot.
    function _referenceOf(StoredClaim storage claim) private view returns (bytes32) {
        bytes32 claimReference = claim.claimReference;
        return claimReference == 0 ? bytes32(uint256(uint160(claim.claimant))) : claimReference;
    }
}
