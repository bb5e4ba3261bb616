// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";

import {IParticipants} from "../../access/IParticipants.sol";
import {Authorisations} from "./Authorisations.sol";
import {Compliance} from "./Compliance.sol";
import {IBusinessCalendar} from "./IBusinessCalendar.sol";
import {IERC7943Fungible} from "./IERC7943.sol";
import {Issuance} from "./Issuance.sol";
import {IStablecoin} from "./IStablecoin.sol";
import {Redemptions} from "./Redemptions.sol";

/// @title Stablecoin
/// @notice Guarantees, by rules in `_update`, through which every balance changes:
/// - no balance changes while paused, nor to, from or by an account that is frozen, nor of one that is no active participant's,
///   system accounts apart, nor between two legal entities but through a system account ({Compliance});
/// - no mint leaves more coins than the attested reserve ({Issuance});
/// - this contract holds exactly the coins that wait for redemption ({Redemptions}).
/// Trusts, each for itself: ISSUER for who may mint and for having paid what it calls redeemed, RESERVE_ATTESTOR for what the
/// reserve holds, COMPLIANCE for orders, OPERATOR for system accounts. Nobody but COMPLIANCE moves anybody's coins, and not
/// what a system account holds. {Multicall} makes a batch of any calls: all or none.
contract Stablecoin is Issuance, Redemptions, Authorisations, Multicall, IStablecoin {
    using SafeERC20 for IERC20;

    /// @inheritdoc IStablecoin
    bytes3 public immutable currency;

    constructor(
        address initialAuthority,
        IParticipants participantRegistry,
        IBusinessCalendar businessCalendar,
        string memory name_,
        string memory symbol_,
        bytes3 currencyCode
    )
        ERC20(name_, symbol_)
        ERC20Permit(name_)
        AccessManaged(initialAuthority)
        Compliance(participantRegistry)
        Redemptions(businessCalendar)
    {
        currency = currencyCode;
    }

    // --------------------------------------------------------------------------------------------- supervising

    /// @inheritdoc IStablecoin
    function pause() external restricted {
        _pause();
    }

    /// @inheritdoc IStablecoin
    function unpause() external restricted {
        _unpause();
    }

    /// @inheritdoc IStablecoin
    function rescue(IERC20 token, address to, uint256 amount) external restricted {
        require(address(token) != address(this), Stablecoin_NotStray(token));
        emit Rescued(token, to, amount);
        token.safeTransfer(to, amount);
    }

    // ------------------------------------------------------------------------------------------------- reading

    /// @notice Six, as the coins of this field have it: 1,000,000 units are one unit of currency.
    function decimals() public pure override returns (uint8) {
        return 6;
    }

    /// @inheritdoc IERC20Permit
    function nonces(address owner) public view override(ERC20Permit, IERC20Permit) returns (uint256) {
        return super.nonces(owner);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) external pure returns (bool) {
        return
            interfaceId == type(IERC7943Fungible).interfaceId ||
            interfaceId == type(IERC165).interfaceId ||
            interfaceId == type(IERC20).interfaceId ||
            interfaceId == type(IERC20Permit).interfaceId ||
            interfaceId == type(IERC3009).interfaceId ||
            interfaceId == type(IERC3009Cancel).interfaceId;
    }

    // ------------------------------------------------------------------------------------------------ internal

    function _update(address from, address to, uint256 value) internal override(ERC20, Issuance, Redemptions) {
        super._update(from, to, value);
    }
}
