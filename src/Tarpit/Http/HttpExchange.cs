using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Http;

/// <summary>One request and where it is recorded.</summary>
internal sealed record HttpExchange(HttpRequest Request, ISessionLog Log);
