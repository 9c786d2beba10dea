package io.eksnet.inventory.aws;

import io.eksnet.model.Cidr;
import io.eksnet.model.inventory.NetworkInterface;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.PrefixListEntry;
import software.amazon.awssdk.services.ec2.model.SecurityGroup;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.SubnetIpv6CidrBlockAssociation;

/** Reads from EC2 what {@link ReachabilityAnalyzer} needs, in batches. */
final class SecurityGroupReader {
  private static final int PAGE_SIZE = 1_000;

  /** The most entries of a prefix list that one page has. */
  private static final int PREFIX_LIST_PAGE_SIZE = 100;

  private final AwsClients aws;

  SecurityGroupReader(AwsClients aws) {
    this.aws = aws;
  }

  /** The wanted interfaces that exist. */
  Future<List<NetworkInterface>> interfaces(
      TargetInterfaces.Wanted wanted, Collection<String> vpcs) {
    var ipv4 = wanted.addresses().stream().filter(address -> !address.contains(":")).toList();
    var ipv6 = wanted.addresses().stream().filter(address -> address.contains(":")).toList();
    record By(String filter, List<String> values, Collection<String> vpcs) {}
    return aws.each(
            List.of(
                new By("network-interface-id", wanted.ids(), List.of()),
                new By("attachment.instance-id", wanted.instances(), List.of()),
                new By("addresses.private-ip-address", ipv4, vpcs),
                new By("ipv6-addresses.ipv6-address", ipv6, vpcs)),
            by ->
                inBatches(
                    by.values(),
                    values -> interfaces(SdkValues.filter(by.filter(), values), by.vpcs())))
        .map(lists -> lists.stream().flatMap(List::stream).toList());
  }

  private Future<List<NetworkInterface>> interfaces(Filter filter, Collection<String> vpcs) {
    var filters = new ArrayList<>(List.of(filter));
    if (!vpcs.isEmpty()) {
      filters.add(SdkValues.filter("vpc-id", vpcs));
    }
    return Interfaces.list(aws, filters.toArray(Filter[]::new))
        .map(found -> found.stream().map(Interfaces::of).toList());
  }

  /** The address ranges by subnet. */
  Future<Map<String, List<Cidr>>> subnetRanges(List<String> ids) {
    return inBatches(
            ids,
            batch -> {
              var filter = SdkValues.filter("subnet-id", batch);
              return AwsClients.list(
                  aws.ec2()
                      .describeSubnetsPaginator(
                          request -> request.filters(filter).maxResults(PAGE_SIZE)),
                  page -> page.subnets());
            })
        .map(
            subnets ->
                subnets.stream()
                    .collect(
                        Collectors.toMap(
                            Subnet::subnetId, SecurityGroupReader::ranges, (a, b) -> a)));
  }

  private static List<Cidr> ranges(Subnet subnet) {
    return Stream.concat(
            Stream.ofNullable(subnet.cidrBlock()),
            subnet.ipv6CidrBlockAssociationSet().stream()
                .map(SubnetIpv6CidrBlockAssociation::ipv6CidrBlock))
        .map(Cidr::of)
        .toList();
  }

  /** The rules of groups, and the prefix lists of those rules that match the queries. */
  Future<SecurityGroupRules> rules(List<String> groups, List<ReachabilityQuery> queries) {
    return inBatches(groups, this::rules)
        .compose(rules -> byGroup(groups, rules))
        .compose(
            rules ->
                aws.each(prefixLists(rules, queries), this::entries)
                    .map(lists -> new SecurityGroupRules(rules, merged(lists))));
  }

  private Future<List<SecurityRule>> rules(List<String> groups) {
    var filter = SdkValues.filter("group-id", groups);
    return AwsClients.list(
        aws.ec2()
            .describeSecurityGroupRulesPaginator(
                request -> request.filters(filter).maxResults(PAGE_SIZE)),
        page ->
            page.securityGroupRules().stream()
                .flatMap(rule -> SecurityRule.of(rule).stream())
                .toList());
  }

  /** A group without rules has none or is not visible: only a visible one has none. */
  private Future<Map<String, List<SecurityRule>>> byGroup(
      List<String> groups, List<SecurityRule> rules) {
    var known = new HashMap<>(rules.stream().collect(Collectors.groupingBy(SecurityRule::group)));
    var withoutRules = groups.stream().filter(group -> !known.containsKey(group)).toList();
    return inBatches(withoutRules, this::visible)
        .otherwise(List.of())
        .map(
            visible -> {
              visible.forEach(group -> known.put(group, List.of()));
              return known;
            });
  }

  private Future<List<String>> visible(List<String> groups) {
    var filter = SdkValues.filter("group-id", groups);
    return AwsClients.list(
        aws.ec2()
            .describeSecurityGroupsPaginator(
                request -> request.filters(filter).maxResults(PAGE_SIZE)),
        page -> page.securityGroups().stream().map(SecurityGroup::groupId).toList());
  }

  private static List<String> prefixLists(
      Map<String, List<SecurityRule>> rules, List<ReachabilityQuery> queries) {
    record Port(Transport transport, int number) {}
    var ports =
        queries.stream()
            .flatMap(q -> q.transports().stream().map(t -> new Port(t, q.port())))
            .collect(Collectors.toSet());
    return rules.values().stream()
        .flatMap(List::stream)
        .filter(rule -> ports.stream().anyMatch(p -> rule.matches(p.transport(), p.number())))
        .flatMap(
            rule ->
                rule.peer() instanceof SecurityRule.Peer.PrefixList list
                    ? Stream.of(list.id())
                    : Stream.of())
        .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new), List::copyOf));
  }

  /** The entries of a prefix list; empty if it cannot be read. */
  private Future<Optional<Map.Entry<String, List<Cidr>>>> entries(String list) {
    return AwsClients.list(
            aws.ec2()
                .getManagedPrefixListEntriesPaginator(
                    request -> request.prefixListId(list).maxResults(PREFIX_LIST_PAGE_SIZE)),
            page -> page.entries().stream().map(PrefixListEntry::cidr).map(Cidr::of).toList())
        .map(entries -> Optional.of(Map.entry(list, entries)))
        .otherwise(Optional.empty());
  }

  private static Map<String, List<Cidr>> merged(
      List<Optional<Map.Entry<String, List<Cidr>>>> lists) {
    return lists.stream()
        .flatMap(Optional::stream)
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private <R> Future<List<R>> inBatches(
      List<String> values, Function<List<String>, Future<List<R>>> read) {
    return aws.batches(values, SdkValues.MAX_FILTER_VALUES, read);
  }
}
