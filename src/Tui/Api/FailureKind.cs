namespace Blackwall.Tui.Api;

/// <summary>What an operator can do about it differs.</summary>
internal enum FailureKind
{
    Unreachable,
    Certificate,
    NoKey,
    Forbidden,
    TooMany,
    NotFound,
    Changed,
    Refused,
    Broken,
}
