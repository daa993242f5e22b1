using Blackwall.Tarpit.Http.Face;

namespace Blackwall.Tarpit.Http;

/// <summary>What all HTTP connections share.</summary>
/// <param name="Face">Which web server it is.</param>
/// <param name="Front">Who answers requests that are well formed.</param>
/// <param name="Bodies">Reads bodies within limits.</param>
internal sealed record HttpServer(ServerFace Face, IHttpPersona Front, BodyReader Bodies, TimeProvider Time);
