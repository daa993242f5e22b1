using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Board;

/// <summary>A decision as the board holds it: 48 bytes, and 8 for the expiry, which lies in a column of its own.</summary>
internal struct DecisionRow
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

    public readonly byte Rank => Decision.RankOf(Origin, Verdict);

    public readonly bool Speaks(Prefix scope) =>
        Length == scope.Length && Low == (ulong)scope.Network.Value && High == (ulong)(scope.Network.Value >> 64);
}
