package io.eksnet.inventory.aws;

import io.eksnet.model.inventory.NetworkInterface;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupRulesResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSecurityGroupsResponse;
import software.amazon.awssdk.services.ec2.model.DescribeSubnetsResponse;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.GetManagedPrefixListEntriesResponse;
import software.amazon.awssdk.services.ec2.model.PrefixListEntry;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;

/** Reads from EC2 what judging security paths needs, in batches. */
final class SecurityReading {
  /** A filter takes no more values than this. */
  private static final int VALUES = 200;

  /** The most that EC2 gives at once of what is read here. */
  private static final int PAGE = 1_000;

  /** The most entries of a prefix list that EC2 gives at once. */
  private static final int ENTRIES = 100;

  private final AwsCalls calls;

  SecurityReading(AwsCalls calls) {
    this.calls = calls;
  }

  /** The interfaces that are wanted, as far as they exist. */
  Future<List<NetworkInterface>> interfaces(
      TargetInterfaces.Wanted wanted, Collection<String> vpcs) {
    var ip4 = wanted.addresses().stream().filter(address -> !address.contains(":")).toList();
    var ip6 = wanted.addresses().stream().filter(address -> address.contains(":")).toList();
    return interfaces("network-interface-id", wanted.ids(), List.of())
        .compose(
            ids -> plus(ids, interfaces("attachment.instance-id", wanted.instances(), List.of())))
        .compose(all -> plus(all, interfaces("addresses.private-ip-address", ip4, vpcs)))
        .compose(all -> plus(all, interfaces("ipv6-addresses.ipv6-address", ip6, vpcs)));
  }

  private Future<List<NetworkInterface>> interfaces(
      String filter, List<String> values, Collection<String> vpcs) {
    return Paginator.slices(
        values,
        VALUES,
        slice ->
            Interfaces.list(calls, filters(filter, slice, vpcs))
                .map(found -> found.stream().map(Interfaces::of).toList()));
  }

  /** The address ranges of subnets. */
  Future<Map<String, List<Cidr>>> subnets(List<String> ids) {
    return Paginator.slices(ids, VALUES, this::subnetsOf)
        .map(
            subnets ->
                subnets.stream()
                    .collect(
                        Collectors.toMap(
                            subnet -> subnet.subnetId(), SecurityValues::ranges, (a, b) -> a)));
  }

  private Future<List<software.amazon.awssdk.services.ec2.model.Subnet>> subnetsOf(
      List<String> ids) {
    return Paginator.pages(
        "DescribeSubnets",
        token ->
            calls.ec2(
                "DescribeSubnets",
                ec2 ->
                    ec2.describeSubnets(
                        r ->
                            r.filters(SdkNulls.filter("subnet-id", ids))
                                .maxResults(PAGE)
                                .nextToken(token))),
        DescribeSubnetsResponse::nextToken,
        DescribeSubnetsResponse::subnets);
  }

  /** The rules of groups, and the prefix lists in those that speak of the ports in question. */
  Future<SecurityGroupRules> rules(List<String> groups, List<ReachabilityQuery> questions) {
    return Paginator.slices(groups, VALUES, this::rulesOf)
        .compose(rules -> byGroup(groups, rules))
        .compose(
            rules -> lists(rules, questions).map(lists -> new SecurityGroupRules(rules, lists)));
  }

  private Future<List<SecurityRule>> rulesOf(List<String> groups) {
    return Paginator.pages(
        "DescribeSecurityGroupRules",
        token ->
            calls.ec2(
                "DescribeSecurityGroupRules",
                ec2 ->
                    ec2.describeSecurityGroupRules(
                        r ->
                            r.filters(SdkNulls.filter("group-id", groups))
                                .maxResults(PAGE)
                                .nextToken(token))),
        DescribeSecurityGroupRulesResponse::nextToken,
        page ->
            page.securityGroupRules().stream()
                .flatMap(rule -> SecurityValues.rule(rule).stream())
                .toList());
  }

  /** A group without a rule has none or cannot be seen: only those that can be seen have none. */
  private Future<Map<String, List<SecurityRule>>> byGroup(
      List<String> groups, List<SecurityRule> rules) {
    var known = new HashMap<>(rules.stream().collect(Collectors.groupingBy(SecurityRule::group)));
    var silent = groups.stream().filter(group -> !known.containsKey(group)).toList();
    return Paginator.slices(silent, VALUES, this::visible)
        .recover(failure -> Future.succeededFuture(List.of()))
        .map(
            visible -> {
              visible.forEach(group -> known.put(group, List.of()));
              return known;
            });
  }

  private Future<List<String>> visible(List<String> groups) {
    return Paginator.pages(
        "DescribeSecurityGroups",
        token ->
            calls.ec2(
                "DescribeSecurityGroups",
                ec2 ->
                    ec2.describeSecurityGroups(
                        r ->
                            r.filters(SdkNulls.filter("group-id", groups))
                                .maxResults(PAGE)
                                .nextToken(token))),
        DescribeSecurityGroupsResponse::nextToken,
        page -> page.securityGroups().stream().map(SecurityGroup::groupId).toList());
  }

  private Future<Map<String, List<Cidr>>> lists(
      Map<String, List<SecurityRule>> rules, List<ReachabilityQuery> questions) {
    return Paginator.each(namedLists(rules, questions), this::entries)
        .map(
            read -> {
              var lists = new HashMap<String, List<Cidr>>();
              read.forEach(lists::putAll);
              return lists;
            });
  }

  private static List<String> namedLists(
      Map<String, List<SecurityRule>> rules, List<ReachabilityQuery> questions) {
    record Port(Transport transport, int number) {}
    var ports =
        questions.stream()
            .flatMap(q -> q.transports().stream().map(way -> new Port(way, q.port())))
            .distinct()
            .toList();
    return rules.values().stream()
        .flatMap(List::stream)
        .filter(rule -> ports.stream().anyMatch(p -> rule.carries(p.transport(), p.number())))
        .flatMap(
            rule ->
                rule.peer() instanceof SecurityRule.Peer.PrefixList list
                    ? Stream.of(list.id())
                    : Stream.of())
        .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
  }

  /** The entries of a list under its name; nothing if it cannot be read. */
  private Future<Map<String, List<Cidr>>> entries(String list) {
    return Paginator.pages(
            "GetManagedPrefixListEntries",
            token ->
                calls.ec2(
                    "GetManagedPrefixListEntries",
                    ec2 ->
                        ec2.getManagedPrefixListEntries(
                            r -> r.prefixListId(list).maxResults(ENTRIES).nextToken(token))),
            GetManagedPrefixListEntriesResponse::nextToken,
            page -> page.entries().stream().map(PrefixListEntry::cidr).map(Cidr::of).toList())
        .map(entries -> Map.of(list, entries))
        .otherwise(Map.of());
  }

  private static Filter[] filters(String name, List<String> values, Collection<String> vpcs) {
    var filter = SdkNulls.filter(name, values);
    return vpcs.isEmpty()
        ? new Filter[] {filter}
        : new Filter[] {filter, SdkNulls.filter("vpc-id", vpcs)};
  }

  private static <T> Future<List<T>> plus(List<T> some, Future<List<T>> more) {
    return more.map(rest -> Stream.concat(some.stream(), rest.stream()).toList());
  }
}
