namespace Blackwall.Tarpit.Shell;

/// <summary>Who has the keys of a terminal, and how.</summary>
/// <param name="IsRaw">Keys are taken as they come, ^C among them; otherwise by lines that the terminal echoes.</param>
/// <param name="HasFlowControl">^S holds output.</param>
/// <param name="OnSignal">What ^C (2), ^\ (3) and ^Z (20) do.</param>
internal sealed record KeyboardUse(bool IsRaw, bool HasFlowControl, Action<int>? OnSignal)
{
    public static KeyboardUse Raw { get; } = new(IsRaw: true, HasFlowControl: true, null);
}
