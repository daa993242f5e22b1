namespace Blackwall.Inspection;

/// <summary>Which part of a request a rule looks at. All of it in lower case.</summary>
public enum RulePlace
{
    Method,

    /// <summary>Path and query, escapes undone once and twice.</summary>
    Target,

    /// <summary>Path and query as sent.</summary>
    RawTarget,

    /// <summary>Each header line, "name: value".</summary>
    Header,

    /// <summary>The value of User-Agent.</summary>
    Agent,

    /// <summary>As much of the body as came with the head, escapes undone once and twice.</summary>
    Body,
}
