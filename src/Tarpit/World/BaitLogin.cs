namespace Blackwall.Tarpit.World;

/// <summary>A user and its password, planted for whoever looks for credentials.</summary>
internal sealed record BaitLogin(string User, string Password);
