namespace Blackwall.Kernel.Abi;

/// <summary>Why a packet met its end; <c>enum bw_reason</c> in bpf/abi.h explains each.</summary>
public enum Reason : byte
{
    PassDefault = 0,
    PassAllow = 1,
    PassEstablished = 2,
    PassNotIp = 3,
    PassNeighbour = 4,
    PassOff = 5,
    PassOpaque = 6,
    RedirectNew = 7,
    RedirectSticky = 8,
    TxChallenge = 9,
    DropHost = 10,
    DropPrefix = 11,
    DropEmbedded = 12,
    DropMalformedIp = 13,
    DropMalformedL4 = 14,
    DropMartian = 15,
    DropExtChain = 16,
    DropTcpFlags = 17,
    DropFragmentTiny = 18,
    DropFragmentOverlap = 19,
    DropFragmentOrphan = 20,
    DropLimitSyn = 21,
    DropLimitUdp = 22,
    DropLimitIcmp = 23,
    DropLimitNew = 24,
    DropTarpitDirect = 25,
    DropNatFull = 26,
    DropProof = 27,
}
