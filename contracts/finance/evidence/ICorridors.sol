// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Lei} from "../../access/IParticipants.sol";

/// @title What may be paid from one country to another
/// @notice A corridor is a pair of countries (ISO 3166-1 alpha-2) and the currency (ISO 4217) in which the payee is paid.
/// A pair without a rule is closed; a country to itself is a corridor like any other. Days are UTC days.
interface ICorridors {
    /// @param perTransaction Largest single payment, in millionths of the currency unit.
    /// @param perEntityPerDay What one payer (legal entity) may pay in a day.
    /// @param perDay What all payers together may pay in a day.
    /// @param requiredTypes Up to four UNTDID 1001 codes of which every payment must present one document each; zero for none.
    /// @param approver Who may approve exceptions; zero for nobody.
    /// @param open Whether payments pass at all.
    struct Rule {
        uint96 perTransaction;
        uint96 perEntityPerDay;
        uint96 perDay;
        uint16[4] requiredTypes;
        address approver;
        bool open;
    }

    /// @notice A payment that is to be made.
    /// @param claimId What the product calls it; unique.
    /// @param amount In millionths of the currency unit.
    struct Passage {
        bytes32 claimId;
        Lei payer;
        bytes2 from;
        bytes2 to;
        bytes3 currency;
        uint256 amount;
    }

    event RuleSet(bytes2 indexed from, bytes2 indexed to, bytes3 indexed currency, Rule rule);
    event ExceptionApproved(
        bytes32 indexed claimId,
        address indexed approver,
        uint256 maxAmount,
        uint256 reasons,
        uint40 expiry
    );
    event ExceptionUsed(bytes32 indexed claimId, uint256 reasons);

    error Corridors_InvalidCountry(bytes2 country);
    error Corridors_InvalidCurrency(bytes3 currency);
    /// @dev Limits must rise: a transaction, an entity's day, everybody's day; none zero while open.
    error Corridors_InvalidLimits(uint256 perTransaction, uint256 perEntityPerDay, uint256 perDay);
    error Corridors_NotApprover(bytes32 claimId, address caller);
    /// @dev Not every reason can be excepted: a closed corridor and missing or used-up evidence cannot.
    error Corridors_NotExceptable(uint256 reasons);
    error Corridors_InvalidExpiry(uint40 expiry);

    /// @notice Sets the rule of a corridor. Only FOREX.
    function setRule(bytes2 from, bytes2 to, bytes3 currency, Rule calldata rule) external;

    /// @notice Lets one payment pass in spite of limits or missing document types, once, until `expiry` (Unix seconds), and
    /// only while the caller is the corridor's approver. Only the corridor's approver. The corridor is that of the
    /// payment's participants, so it is named again. The latest approval of a payment counts alone.
    /// @param maxAmount The most it may pay: a claim's name alone does not say its amount.
    /// @param reasons Bits of `ForexReasons` that are excepted.
    function approveException(
        bytes2 from,
        bytes2 to,
        bytes3 currency,
        bytes32 claimId,
        uint96 maxAmount,
        uint256 reasons,
        uint40 expiry
    ) external;

    /// @notice The reasons (bits of `ForexReasons`) that stand against a passage whose documents are of `types`.
    function assess(Passage calldata passage, uint16[] calldata types) external view returns (uint256 reasons);

    /// @notice Counts a passage against the limits and uses up its exception. Only products: the evidence ledger.
    /// What is given back later stays counted: limits are on what was asked for in a day.
    /// @return reasons As of {assess}; nothing is counted unless they are zero.
    function pass(Passage calldata passage, uint16[] calldata types) external returns (uint256 reasons);

    function ruleOf(bytes2 from, bytes2 to, bytes3 currency) external view returns (Rule memory);

    /// @notice What an entity, and everybody, has paid through a corridor today.
    function usedToday(
        bytes2 from,
        bytes2 to,
        bytes3 currency,
        Lei payer
    ) external view returns (uint256 byEntity, uint256 byAll);
}
