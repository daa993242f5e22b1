using System.Globalization;

namespace Blackwall.Pipeline.Model;

/// <summary>Findings that no detector makes.</summary>
public static class CommonFindings
{
    /// <summary>Forgeable evidence that was only counted, told as a sum.</summary>
    public static readonly Finding AddedUp = new("added-up", f => string.Create(CultureInfo.InvariantCulture, $"{f.Pieces} more of this kind, which anybody can cause, kept only as a sum"));

    /// <summary>A decision whose record was lost and that the kernel still held.</summary>
    public static readonly Finding HeldByKernel = new("held-by-kernel", _ => "the kernel held this decision when its record was lost");

    public static IReadOnlyList<Finding> All { get; } = [AddedUp, HeldByKernel];
}
