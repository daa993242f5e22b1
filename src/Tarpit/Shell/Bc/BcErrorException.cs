namespace Blackwall.Tarpit.Shell.Bc;

/// <summary>A calculation that cannot be made; what was under way ends.</summary>
internal sealed class BcErrorException(string message) : Exception(message);
