using Blackwall.Tarpit.Http.Face;
using Blackwall.Tarpit.Pacing;

namespace Blackwall.Tarpit.Http;

/// <summary>What all HTTP connections share.</summary>
/// <param name="Face">Which web server it is.</param>
/// <param name="Front">Who answers requests that are well formed.</param>
/// <param name="Bodies">Reads bodies within limits.</param>
/// <param name="Pacing">Slows the pages of a connection; null: nothing does.</param>
internal sealed record HttpServer(ServerFace Face, IHttpPersona Front, BodyReader Bodies, TimeProvider Time, Func<Pacer>? Pacing = null);
