using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A claim as the board holds it: 48 bytes, and 8 for the expiry, which lies in a column of its own.</summary>
internal struct ClaimRow
{
    public ulong High;
    public ulong Low;

    /// <summary>0: the row is free.</summary>
    public long Id;

    /// <summary>Milliseconds of the board's clock.</summary>
    public long Start;

    /// <summary>Next row in the same hash bucket, or next free row; -1: none.</summary>
    public int Next;

    public ushort Reason;
    public ushort Actor;

    /// <summary>0..10,000.</summary>
    public ushort Confidence;

    /// <summary>Of the board's names of owners.</summary>
    public ushort Owner;

    public byte Length;
    public byte OriginCode;
    public byte VerdictCode;

    public Origin Origin
    {
        readonly get => (Origin)OriginCode;
        set => OriginCode = (byte)value;
    }

    public Verdict Verdict
    {
        readonly get => (Verdict)VerdictCode;
        set => VerdictCode = (byte)value;
    }

    public Prefix Scope
    {
        readonly get => new(new Address(new UInt128(High, Low)), Length);
        set
        {
            High = (ulong)(value.Network.Value >> 64);
            Low = (ulong)value.Network.Value;
            Length = value.Length;
        }
    }

    public readonly byte Rank => Precedence.Rank(Origin, Verdict);

    public readonly Contender With(long ends) => new(Rank, Length, Verdict, ends, Id);

    public readonly bool Speaks(Prefix scope) =>
        Length == scope.Length && Low == (ulong)scope.Network.Value && High == (ulong)(scope.Network.Value >> 64);

    public readonly bool IsOf(Origin origin, ushort owner) => Owner == owner && OriginCode == (byte)origin;
}
