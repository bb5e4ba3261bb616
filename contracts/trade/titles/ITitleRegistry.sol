// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

/// @title Electronic bills of lading that are titles
/// @notice Control (possession) and ownership apart, each change recorded. Terms of the UNCITRAL Model Law on Electronic
/// Transferable Records (MLETR) and of DCSA's transfer chain (PINT, action codes).
interface ITitleRegistry {
    /// @notice Where a title stands. Only an active one can be acted on by its holder.
    /// @dev `Locked`: offered against payment, and only the contract that locked it can move it. `Surrendered…`: waits for the
    /// issuer's answer. The last four are final.
    enum Status {
        Unknown,
        Active,
        Locked,
        SurrenderedForDelivery,
        SurrenderedForAmendment,
        SurrenderedForPaper,
        Delivered,
        Amended,
        Paper,
        Void
    }

    /// @param holder Who has control (MLETR article 11).
    /// @param status See {Status}.
    /// @param lastBlock Block of the newest entry of the title's chain; that entry names the block of the one before.
    /// @param entries How many entries the chain has.
    /// @param frozen Whether a court's order holds it.
    /// @param pledged Whether a lender's pledge holds it.
    /// @param owner To whose order it is; zero when it was endorsed in blank, and then who holds it owns it.
    /// @param issuer The carrier, who alone delivers, amends, or turns it into paper.
    struct Title {
        address holder;
        Status status;
        uint40 lastBlock;
        uint32 entries;
        bool frozen;
        bool pledged;
        address owner;
        address issuer;
    }

    /// @notice To whom a title can go. Also the form of an endorsement, which becomes that of the title.
    /// @dev `Named`: to one party and nobody beyond (straight bill; DCSA ENDORSE). `ToOrder`: to whom the owner endorses it next
    /// (ENDORSE_TO_ORDER). `Blank`: to whoever holds it (BLANK_ENDORSE).
    enum Form {
        Named,
        ToOrder,
        Blank
    }

    /// @notice What an offer gives. Control is possession (MLETR article 11); a pledge gives a lender the lock on both.
    enum Gives {
        Control,
        Ownership,
        Both,
        Pledge
    }

    /// @notice What the holder asks of the issuer.
    enum Purpose {
        Delivery,
        Amendment,
        Paper
    }

    /// @notice Why a title's chain has an entry; in brackets the action code of DCSA (PINT), where there is one.
    /// @dev What the detail of an entry is, if not zero: `Issue`: form << 160 | owner. `IssuedForPaper`: hash of the paper.
    /// `IssuedForAmended`: the title that it replaces. `Offer`: gives << 88 | form << 80 | until << 40 | enforceableFrom.
    /// `Surrender…`: hash of the request. `AcceptAmendment`: the new title. `AcceptPaper`: hash of the paper. `RejectSurrender`:
    /// hash of the reason. `Pledge`: enforceableFrom. `Freeze`, `Unfreeze`: hash of the order.
    enum Action {
        Issue, // ISSUE
        IssuedForPaper,
        IssuedForAmended,
        Transfer, // TRANSFER
        Endorse, // ENDORSE
        EndorseToOrder, // ENDORSE_TO_ORDER
        BlankEndorse, // BLANK_ENDORSE
        Sign, // SIGN
        Offer,
        Decline,
        Withdraw,
        SurrenderForDelivery, // SURRENDER_FOR_DELIVERY
        SurrenderForAmendment, // SURRENDER_FOR_AMENDMENT
        SurrenderForPaper, // SURRENDER_FOR_AMENDMENT, reason SWTP
        AcceptDelivery, // SACC
        AcceptAmendment, // SACC
        AcceptPaper, // SACC
        AcceptVoid, // SACC
        RejectSurrender, // SREJ
        Pledge,
        ReleasePledge,
        EnforcePledge,
        Lock,
        Unlock,
        Freeze,
        Unfreeze
    }

    /// @param titleId Hash of the bill of lading's content; never a title before, here or in any registry.
    /// @param issuer The carrier; the caller, or whoever the caller is an agent of.
    /// @param holder Who has control first.
    /// @param owner The consignee, or to whose order it is; zero for `Blank`.
    /// @param paper Hash of the paper original that this title replaces (MLETR article 17); zero when there never was one.
    struct Issuance {
        bytes32 titleId;
        address issuer;
        address holder;
        address owner;
        Form form;
        bytes32 paper;
    }

    /// @notice One storage slot.
    /// @param recipient Who may accept.
    /// @param form Of the endorsement, when ownership is given.
    /// @param until The last second at which it can be accepted; then it has lapsed, with no transaction.
    /// @param enforceableFrom Of a pledge: Unix seconds from which the lender may take the title.
    struct Offer {
        address recipient;
        Gives gives;
        Form form;
        uint40 until;
        uint40 enforceableFrom;
    }

    /// @notice One storage slot, so that one storage proof shows a pledge.
    /// @param since Unix seconds.
    struct Pledge {
        address lender;
        uint40 enforceableFrom;
        uint40 since;
    }

    /// @notice One entry of a title's chain.
    /// @param entry Counts from 1 without a gap.
    /// @param actor Who sent the transaction.
    /// @param party On whose behalf: the actor itself, or who made it an agent. Of an accepted offer, the recipient.
    /// @param recipient Who gets what the action gives; zero when it gives nobody anything.
    /// @param previousBlock Block of the entry before; zero for the first.
    /// @param detail See {Action}.
    event TitleRecorded(
        bytes32 indexed titleId,
        uint32 entry,
        Action action,
        address actor,
        address party,
        address recipient,
        uint40 previousBlock,
        bytes32 detail
    );
    event AgentSet(address indexed principal, address indexed agent, uint40 until);
    event StandingAcceptanceSet(address indexed recipient, address indexed sender, uint40 until);

    error TitleRegistry_WrongStatus(bytes32 titleId, Status status);
    error TitleRegistry_Frozen(bytes32 titleId);
    error TitleRegistry_NotFrozen(bytes32 titleId);
    error TitleRegistry_Pledged(bytes32 titleId, address lender);
    error TitleRegistry_NotPledged(bytes32 titleId);
    error TitleRegistry_NotEnforceable(bytes32 titleId, uint40 enforceableFrom);
    /// @dev An offer is open: it has to be accepted, declined or withdrawn, or to lapse, before anything else is done.
    error TitleRegistry_Offered(bytes32 titleId, address recipient, uint40 until);
    error TitleRegistry_NotOffered(bytes32 titleId);
    error TitleRegistry_OfferLapsed(bytes32 titleId, uint40 until);
    /// @dev What is open is another offer than the one that was accepted.
    error TitleRegistry_OtherOffer(bytes32 titleId, Offer offer);
    /// @dev The caller is neither the party whose act this is nor its agent now.
    error TitleRegistry_NotActingFor(address party, address caller);
    error TitleRegistry_NotOwner(bytes32 titleId, address party);
    /// @dev A title to a named party goes to that party alone.
    error TitleRegistry_NotTransferable(bytes32 titleId);
    /// @dev The recipient has not said that it takes titles from this sender: make an offer.
    error TitleRegistry_NotAccepted(address recipient, address sender);
    error TitleRegistry_InvalidForm(Form form, address owner);
    error TitleRegistry_InvalidDeadline(uint40 until);
    error TitleRegistry_EmptyHash();
    error TitleRegistry_NotAccredited(address issuer);
    /// @dev The hash is a document of another issuer or type, or one that no longer stands.
    error TitleRegistry_ForeignDocument(bytes32 titleId, address issuer);
    error TitleRegistry_PaperReplaced(bytes32 paper, bytes32 titleId);
    error TitleRegistry_NoRecipient(bytes32 titleId);
    error TitleRegistry_NotLockedBy(bytes32 titleId, address caller);
    /// @dev It has 2^23 entries or more: it can only be surrendered.
    error TitleRegistry_ChainFull(bytes32 titleId);

    // --------------------------------------------------------------------------------------------------- issuing

    /// @notice Issues a title (DCSA ISSUE; MLETR article 10, and 17 when it replaces paper). Only a carrier who is accredited for bills
    /// of lading (UNTDID 1001: 705), or its agent. Issuer, holder and owner are active participants.
    function issue(Issuance calldata issuance) external;

    // ------------------------------------------------------------------------------------------------ transferring

    /// @notice Hands control over at once and for good (DCSA TRANSFER; MLETR article 11). Only the holder. The recipient accepts
    /// titles from it ({setStandingAcceptance}); to a named party's title, the recipient is that party.
    function transferControl(bytes32 titleId, address to) external;

    /// @notice Endorses and keeps control (DCSA ENDORSE, ENDORSE_TO_ORDER, BLANK_ENDORSE; MLETR article 15). Only who holds and owns it.
    /// @param to The endorsee, who accepts titles from the endorser; zero when in blank.
    function endorse(bytes32 titleId, address to, Form form) external;

    /// @notice Endorses and hands control over, at once and for good. Only who holds and owns it.
    /// @param to Gets control, and ownership unless the endorsement is in blank. Accepts titles from the endorser.
    function endorseAndTransfer(bytes32 titleId, address to, Form form) external;

    /// @notice The holder confirms that it holds the title (DCSA SIGN). Changes nothing.
    function sign(bytes32 titleId) external;

    /// @notice Offers a title to somebody who has not said that it takes titles from the holder. Only the holder, who owns it as well
    /// if more than control is offered. Nothing else can be done with the title while the offer is open, but to freeze it.
    function offer(bytes32 titleId, Offer calldata terms) external;

    /// @notice Takes what is offered, for good. Only the recipient, until the offer's deadline.
    /// @param terms What the recipient believes is offered, so that it never takes anything else.
    function accept(bytes32 titleId, Offer calldata terms) external;

    /// @notice Refuses what is offered. Only the recipient.
    function decline(bytes32 titleId) external;

    /// @notice Takes an open offer back. Only the holder.
    function withdraw(bytes32 titleId) external;

    // ------------------------------------------------------------------------------------------------ surrendering

    /// @notice Gives a title back to its issuer for delivery of the goods, amendment, or paper in its place (DCSA
    /// SURRENDER_FOR_DELIVERY, SURRENDER_FOR_AMENDMENT). Only who holds and owns it. Cannot be taken back.
    /// @param request Hash of what is asked for; zero when there is nothing to say.
    function surrender(bytes32 titleId, Purpose purpose, bytes32 request) external;

    /// @notice Accepts the surrender and will deliver the goods (DCSA SACC). Only the issuer.
    function acceptForDelivery(bytes32 titleId) external;

    /// @notice Accepts the surrender and issues a title with other content in its place, to the same holder and owner (DCSA SACC; MLETR
    /// article 16). Only the issuer, on the conditions of {issue}.
    function acceptForAmendment(bytes32 titleId, bytes32 replacement) external;

    /// @notice Accepts the surrender and ends the title with nothing in its place. Only the issuer of one surrendered for amendment.
    function acceptAsVoid(bytes32 titleId) external;

    /// @notice Accepts the surrender and issues paper in the title's place (DCSA SACC to reason SWTP; MLETR article 18). Only the issuer.
    /// @param paper Hash of the paper original, which says that it replaces this title.
    function acceptForPaper(bytes32 titleId, bytes32 paper) external;

    /// @notice Refuses the surrender: the title is its holder's again (DCSA SREJ). Only the issuer.
    /// @param reason Hash of why; zero when there is nothing to say.
    function rejectSurrender(bytes32 titleId, bytes32 reason) external;

    // ---------------------------------------------------------------------------------------------------- pledging

    /// @notice Pledges a title to a lender who accepts titles from the holder; to another one, {offer} it. Only who holds and owns it.
    /// Nothing moves it from then on but release and enforcement.
    /// @param enforceableFrom Unix seconds from which the lender may take the title.
    function pledge(bytes32 titleId, address lender, uint40 enforceableFrom) external;

    /// @notice Ends a pledge. Only the lender.
    function releasePledge(bytes32 titleId) external;

    /// @notice Takes control and ownership of a pledged title, from the agreed time on. Only the lender.
    function enforcePledge(bytes32 titleId) external;

    // ----------------------------------------------------------------------------------------------------- freezing

    /// @notice Holds a title by a court's order: nothing moves it, nobody accepts it. Only COMPLIANCE.
    /// @param order Hash of the order.
    function freeze(bytes32 titleId, bytes32 order) external;

    /// @notice Lifts it. Only COMPLIANCE.
    function unfreeze(bytes32 titleId, bytes32 order) external;

    // ------------------------------------------------------------------------------------------------ acting for others

    /// @notice Makes an account the caller's agent, who can do all of the above for it, or no longer. The agent is an active participant
    /// whenever it acts, and so is its principal. It can name no agents and accept for nobody else in advance.
    /// @param until The last second; 0 ends it.
    function setAgent(address agent, uint40 until) external;

    /// @notice The caller takes whatever control, ownership or pledge the sender gives it, at once and for good, or no longer.
    /// @param until The last second; 0 ends it.
    function setStandingAcceptance(address sender, uint40 until) external;

    // ----------------------------------------------------------------------------------------------------- reading

    function title(bytes32 titleId) external view returns (Title memory);

    function formOf(bytes32 titleId) external view returns (Form);

    /// @notice The offer that is open now; all zero when none is.
    function offerOf(bytes32 titleId) external view returns (Offer memory);

    /// @notice The pledge that holds a title; all zero when none does.
    function pledgeOf(bytes32 titleId) external view returns (Pledge memory);

    /// @notice Which product has locked a title; zero when none has.
    function lockedBy(bytes32 titleId) external view returns (address);

    /// @notice The title that took a paper's place; zero when none did.
    function electronicOf(bytes32 paper) external view returns (bytes32);

    /// @notice Whether an account is the principal, or its agent now.
    function actsFor(address principal, address account) external view returns (bool);

    /// @notice Whether the recipient takes titles from the sender now.
    function acceptsFrom(address recipient, address sender) external view returns (bool);

    // --------------------------------------------------------------------------------------- for products (offers)

    /// @notice Locks an active title, neither frozen nor pledged, whose holder and owner `seller` is (or holder, if blank). Only products.
    function lock(bytes32 titleId, address seller) external;

    /// @notice Gives a title that the caller locked back to its holder. Only the product that locked it. Works on a frozen one:
    /// nothing moves.
    function unlock(bytes32 titleId) external;

    /// @notice Hands control and ownership of a title that the caller locked to `to`, and unlocks it. Only the product that locked it.
    /// @dev Reverts while a court's order holds the title.
    function deliverLocked(bytes32 titleId, address to) external;
}
