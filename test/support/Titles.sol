// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {Products} from "../../contracts/access/Products.sol";
import {ITitleRegistry} from "../../contracts/trade/titles/ITitleRegistry.sol";
import {TitleRegistry} from "../../contracts/trade/titles/TitleRegistry.sol";
import {vm} from "./Test.sol";
import {TradeDeployment} from "./TradeDeployment.sol";

/// @title Titles that the carrier issues, and what courts and lenders do to them
abstract contract Titles is TradeDeployment {
    TitleRegistry internal titleRegistry;

    uint256 private _titles;

    function setUp() public virtual override {
        super.setUp();
        bytes memory arguments = abi.encode(manager, participants, registry, claims);
        titleRegistry = TitleRegistry(_deploy("TitleRegistry.sol:TitleRegistry", arguments));
        _allow(address(titleRegistry), Products.setProduct.selector, GOVERNANCE);
        _allow(address(titleRegistry), ITitleRegistry.freeze.selector, COMPLIANCE);
        _allow(address(titleRegistry), ITitleRegistry.unfreeze.selector, COMPLIANCE);
        claims.setProduct(address(titleRegistry), true);
    }

    /// @dev To the order of its holder.
    function _newTitle(address holder) internal returns (bytes32) {
        return _newTitle(holder, ITitleRegistry.Form.ToOrder);
    }

    function _newTitle(address holder, ITitleRegistry.Form form) internal returns (bytes32 titleId) {
        titleId = keccak256(abi.encode("title", ++_titles));
        address owner = form == ITitleRegistry.Form.Blank ? address(0) : holder;
        vm.prank(carrier);
        titleRegistry.issue(ITitleRegistry.Issuance(titleId, carrier, holder, owner, form, 0));
    }

    function _freezeTitle(bytes32 titleId) internal {
        vm.prank(compliance);
        titleRegistry.freeze(titleId, "order");
    }

    function _unfreezeTitle(bytes32 titleId) internal {
        vm.prank(compliance);
        titleRegistry.unfreeze(titleId, "order");
    }

    /// @dev To a lender that takes it at once.
    function _pledgeTitle(bytes32 titleId, address lender) internal {
        address holder = titleRegistry.title(titleId).holder;
        vm.prank(lender);
        titleRegistry.setStandingAcceptance(holder, uint40(block.timestamp));
        vm.prank(holder);
        titleRegistry.pledge(titleId, lender, uint40(block.timestamp));
    }
}
