namespace Blackwall.Kernel.Abi;

/// <summary>Whether a limit counts a host (/32, /64) or its network (/24, /56).</summary>
public enum RateScope : byte
{
    Host = 0,
    Net = 1,
}
