namespace Blackwall.Tarpit.Sessions;

/// <summary>How a program ended.</summary>
/// <param name="Code">0..255.</param>
/// <param name="Signal">"TERM" and so on; null: by itself.</param>
internal readonly record struct ExitStatus(int Code, string? Signal = null);
