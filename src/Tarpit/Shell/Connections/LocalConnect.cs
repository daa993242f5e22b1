using System.Net;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>Connects a visitor to a port of the machine itself.</summary>
/// <param name="remote">Where the visitor comes from.</param>
/// <param name="destination">The address and port that he asks for.</param>
/// <param name="log">What is said there goes to the record of his session.</param>
/// <param name="cancellation">Ends it.</param>
/// <returns>Null: he has as many connections as he may have.</returns>
internal delegate WireStream? LocalConnect(IPEndPoint remote, IPEndPoint destination, ISessionLog log, CancellationToken cancellation);
