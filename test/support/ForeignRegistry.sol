// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {ITitleEscrow, ITitleTokens} from "../../contracts/trade/sales/IForeignTitles.sol";

/// @title As much of a TradeTrust registry as the trade book asks: who keeps a token
contract ForeignRegistry is ITitleTokens {
    mapping(uint256 tokenId => address) private _owners;

    error ForeignRegistry_Nonexistent(uint256 tokenId);

    function mint(uint256 tokenId, address beneficiary, address holder) external {
        _owners[tokenId] = address(new ForeignEscrow(beneficiary, holder));
    }

    function setOwner(uint256 tokenId, address owner) external {
        _owners[tokenId] = owner;
    }

    function ownerOf(uint256 tokenId) external view returns (address owner) {
        owner = _owners[tokenId];
        require(owner != address(0), ForeignRegistry_Nonexistent(tokenId));
    }
}

contract ForeignEscrow is ITitleEscrow {
    address public immutable beneficiary;
    address public immutable holder;

    constructor(address beneficiary_, address holder_) {
        (beneficiary, holder) = (beneficiary_, holder_);
    }
}
