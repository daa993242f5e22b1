namespace Blackwall.Tui.Api;

/// <summary>The value of an answer without a body.</summary>
internal sealed class Nothing
{
    public static readonly Nothing Value = new();
}
