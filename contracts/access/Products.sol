// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

/// @title The contracts that may act on a ledger of this chain
/// @notice A ledger (evidence, sub-accounts, clearing) is written by products alone: contracts that enforce their own rules
/// before they call. Trusts VALIDATOR_ADMIN, whose calls are delayed, for which contracts those are.
abstract contract Products is AccessManaged {
    /// @notice Whether a contract may call what is for products.
    mapping(address product => bool) public isProduct;

    event ProductSet(address indexed product, bool allowed);

    error Products_NotAProduct(address caller);

    modifier onlyProduct() {
        require(isProduct[msg.sender], Products_NotAProduct(msg.sender));
        _;
    }

    /// @notice Admits or removes a product. Only VALIDATOR_ADMIN, after its delay.
    function setProduct(address product, bool allowed) external restricted {
        isProduct[product] = allowed;
        emit ProductSet(product, allowed);
    }
}
