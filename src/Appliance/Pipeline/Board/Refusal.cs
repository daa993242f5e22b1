
namespace Blackwall.Pipeline.Board;

/// <summary>Why requests were refused, counted.</summary>
internal enum Refusal
{
    Guarded,
    OperatorAllow,
    Invalid,
    Unroutable,
    TooWide,
    NotAllowedForOrigin,
    EvidenceForgeable,
    Full,
    NoTarpit,
}
