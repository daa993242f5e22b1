using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>What a policy generation sets besides its entries. Mirrors <c>struct bw_settings</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_settings")]
public struct Settings
{
    public EnforcementMode Mode;
    public Features Features;
    public ulong ChallengeIntervalNanoseconds;
    public ulong ChallengeBurstNanoseconds;
    public ulong ProofTtlNanoseconds;

    /// <summary>Without a heartbeat for this long the appliance is silent; 0: never.</summary>
    public ulong SilenceNanoseconds;

    public Silence WhenSilent;
    private readonly uint _pad0;
    public LimitTable Limit;

    /// <summary>Limits by class, then by scope.</summary>
    [InlineArray(Classes * Scopes)]
    public struct LimitTable
    {
        public const int Classes = 8;
        public const int Scopes = 2;

        private Limit _first;
    }

    /// <summary>The limit of a class at a scope.</summary>
    public void SetLimit(RateClass rateClass, RateScope scope, Limit limit) => Limit[((int)rateClass * LimitTable.Scopes) + (int)scope] = limit;
}
