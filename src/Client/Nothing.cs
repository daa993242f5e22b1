namespace Blackwall.Client;

/// <summary>The value of an answer without a body.</summary>
public sealed class Nothing
{
    public static readonly Nothing Value = new();
}
