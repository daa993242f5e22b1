namespace Blackwall.Remediation;

/// <summary>How a list of blocks is written.</summary>
internal enum ExportFormat
{
    /// <summary>One address or prefix a line.</summary>
    Netset,

    /// <summary>A script for 'nft -f': two sets of a table of its own, filled anew.</summary>
    Nftables,

    /// <summary>A script for 'ipset restore': two sets, swapped in.</summary>
    Ipset,
}
