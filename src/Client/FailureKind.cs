namespace Blackwall.Client;

/// <summary>What an operator can do about it differs.</summary>
public enum FailureKind
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
