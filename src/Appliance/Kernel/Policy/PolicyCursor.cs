using Blackwall.Kernel.Abi;

namespace Blackwall.Kernel.Policy;

/// <summary>How far a walk over the tables of one generation has come.</summary>
internal sealed class PolicyCursor
{
    /// <summary>Which of the six tables.</summary>
    public int Table { get; set; }

    public RawAddress4? Host4;

    public RawAddress? Host6;

    public Prefix4Key? Prefix4;

    public Prefix6Key? Prefix6;
}
