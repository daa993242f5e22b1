namespace Blackwall.Classification;

/// <summary>What a model may take a source for. Nothing else is accepted from it.</summary>
internal enum OpinionCategory
{
    Unknown,
    Benign,
    Scan,
    Bruteforce,
    Beacon,
    Exfil,
    Exploit,
    Flood,
}
