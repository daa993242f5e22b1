namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>A statement or an expression of a bc program.</summary>
/// <param name="Kind">number, text, name, element, unary, binary, assign, step, call, not, and, or; print, if, while, for, block, jump, expression.</param>
/// <param name="Text">Digits, name or operator.</param>
/// <param name="Parts">What belongs to it; an entry that is missing is null.</param>
internal sealed record BcNode(string Kind, string Text, IReadOnlyList<BcNode?> Parts)
{
    public BcNode(string kind, string text, params BcNode?[] parts)
        : this(kind, text, (IReadOnlyList<BcNode?>)parts)
    {
    }
}

/// <summary>A function: its parameters and local variables ("[]" behind arrays), and its body.</summary>
internal sealed record BcFunction(IReadOnlyList<string> Parameters, IReadOnlyList<string> Locals, BcNode Body);
