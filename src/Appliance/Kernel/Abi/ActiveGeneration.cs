using System.Runtime.InteropServices;

namespace Blackwall.Kernel.Abi;

/// <summary>Which policy slot decides. Times are boot-time nanoseconds. Mirrors <c>struct bw_active</c> of bpf/abi.h.</summary>
#pragma warning disable CS0169, IDE0051, CA1823 // Padding is part of the layout.
[StructLayout(LayoutKind.Sequential)]
[AbiStruct("bw_active")]
public struct ActiveGeneration
{
    /// <summary>BW_SLOTS of bpf/abi.h.</summary>
    public const uint Slots = 4;

    public uint Slot;

    /// <summary>The slot that decides again from <see cref="RevertNanoseconds"/> on.</summary>
    public uint Fallback;

    public ulong Generation;

    /// <summary>When an unconfirmed change ends by itself; 0: none is pending.</summary>
    public ulong RevertNanoseconds;

    /// <summary>1 + the slot that is only counted; 0: none.</summary>
    public uint Shadow;

    private readonly uint _pad0;

    /// <summary>Whether an unconfirmed change ran out of time.</summary>
    public readonly bool Reverted(ulong bootNanoseconds) => RevertNanoseconds != 0 && bootNanoseconds >= RevertNanoseconds;

    /// <summary>The slot that packets meet at this time.</summary>
    public readonly uint Deciding(ulong bootNanoseconds) => Reverted(bootNanoseconds) ? Fallback : Slot;

    public readonly bool SameAs(in ActiveGeneration other) =>
        (Slot, Fallback, Generation, RevertNanoseconds, Shadow) == (other.Slot, other.Fallback, other.Generation, other.RevertNanoseconds, other.Shadow);

    public readonly bool Uses(uint slot) => slot == Slot || (RevertNanoseconds != 0 && slot == Fallback) || slot + 1 == Shadow;
}
